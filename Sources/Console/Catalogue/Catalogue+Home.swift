extension Catalogue {
    /// Home at work, the demo's tour, charts.
    static let home = #"""
        home.title | Home | Inicio | Ana sayfa
        home.sentence | What is coming in, and who it is about. | Qué está llegando y de quién trata. | Neler geliyor ve kimler hakkında.
        home.demo-title | Wren & Daughters | Wren & Daughters | Wren & Daughters
        home.demo-sentence | A tea shop that does not exist, with customers who never sleep. Everything here is made up, and works as your own data would. | Una tienda de té que no existe, con clientes que nunca duermen. Todo es inventado y funciona como lo harían tus propios datos. | Var olmayan bir çay dükkânı ve hiç uyumayan müşterileri. Buradaki her şey kurgu; ama kendi verileriniz gibi çalışır.
        home.people | People | Personas | Kişiler
        home.events | Events | Eventos | Olaylar
        home.sources | Sources | Fuentes | Kaynaklar
        home.merges | Merges | Fusiones | Birleştirmeler
        home.waiting | Waiting in quarantine | Esperan en cuarentena | Karantinada bekleyen
        home.newest | Newest profiles | Perfiles más nuevos | En yeni profiller
        tour.title | Where to click first | Por dónde empezar | Önce nereye tıklamalı
        tour.shop | Walk through the shop | Pasea por la tienda | Dükkânı gezin
        tour.shop-text | Look at a tea, put one in the cart. You become a visitor. | Mira un té, pon uno en la cesta. Te conviertes en visitante. | Bir çaya bakın, birini sepete koyun. Ziyaretçi olursunuz.
        tour.live | Watch yourself arrive | Mírate llegar | Gelişinizi izleyin
        tour.live-text | Every click shows up within a second, with its verdict. | Cada clic aparece en menos de un segundo, con su veredicto. | Her tıklama bir saniye içinde, sonucuyla birlikte görünür.
        tour.profile-text | One person: what we know, how we know it, and since when. | Una persona: qué sabemos, cómo lo sabemos y desde cuándo. | Tek bir kişi: ne biliyoruz, nereden ve ne zamandan beri.
        tour.mail | Read the mail that you get | Lee el correo que recibes | Aldığınız e-postayı okuyun
        tour.mail-text | Sign in at the shop, ask for mail about tea, leave a full cart: half a minute later it lies here. | Inicia sesión en la tienda, pide correos sobre té y deja la cesta llena: medio minuto después está aquí. | Dükkânda oturum açın, çayla ilgili e-posta isteyin, dolu sepeti bırakın: yarım dakika sonra burada.
        chart.minutes-title | How many events arrived in the last hour? | ¿Cuántos eventos llegaron en la última hora? | Son bir saatte kaç olay geldi?
        chart.minutes-total | 1 event, by minute ~ {n} events, by minute | 1 evento, por minuto ~ {n} eventos, por minuto | {n} olay, dakikaya göre
        chart.minutes-label | Bar chart of events per minute over the last hour; the highest is {max} in a minute. The numbers are in the table below. | Gráfico de barras de eventos por minuto en la última hora; el máximo es {max} en un minuto. Los números están en la tabla de abajo. | Son bir saatin dakika başına olay çubuk grafiği; en yükseği dakikada {max}. Sayılar aşağıdaki tabloda.
        chart.minutes-unit | events per minute | eventos por minuto | dakika başına olay
        chart.minute-point | {time}: 1 event ~ {time}: {n} events | {time}: 1 evento ~ {time}: {n} eventos | {time}: {n} olay
        chart.still-running | this minute is still running | este minuto aún no ha terminado | bu dakika henüz bitmedi
        chart.table | As a table | Como tabla | Tablo olarak
        graph.label | How 1 identifier is one person; the evidence is listed below. ~ How {n} identifiers are one person; the evidence is listed below. | Por qué 1 identificador es una persona; las pruebas están abajo. ~ Por qué {n} identificadores son una persona; las pruebas están abajo. | {n} tanımlayıcının neden tek kişi olduğu; kanıtlar aşağıda.
        graph.more | 1 more is in the table. ~ {n} more are in the table. | 1 más está en la tabla. ~ {n} más están en la tabla. | {n} tanesi daha tabloda.
        """#
}

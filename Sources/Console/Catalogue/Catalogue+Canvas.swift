extension Catalogue {
    /// What stands beside a journey's steps, its fields, and what its author may have overlooked.
    static let canvas = #"""
        journeys.about | What it does | Qué hace | Ne yapar
        journeys.look-at | Look at this before you start it | Míralo antes de iniciarlo | Başlatmadan önce bunlara bakın
        journeys.field-unreadable | This cannot be read here. | Esto no se puede leer aquí. | Bu burada okunamıyor.
        journeys.field-missing | This is missing. | Falta esto. | Bu eksik.
        journeys.card-trigger | Begins with | Empieza con | Başlatan
        journeys.card-rules | Rules | Reglas | Kurallar
        journeys.card-goal | Goal | Objetivo | Hedef
        journeys.card-exit | Leaves by | Sale por | Çıkaran
        journeys.exit-event | An event | Un evento | Bir olay
        journeys.exit-condition | A condition | Una condición | Bir koşul
        journeys.add-goal | Add a goal | Añadir objetivo | Hedef ekle
        journeys.add-exit | Add an exit | Añadir salida | Çıkış ekle
        journeys.add-exit-kind | Kind of exit | Tipo de salida | Çıkış türü
        journeys.change-kind | Change the kind | Cambiar el tipo | Türü değiştir
        journeys.no-segment | There is no segment yet, and this begins with one. | Aún no hay segmentos y esto empieza con uno. | Henüz segment yok; bu ise bir segmentle başlar.
        journeys.no-segment-remedy | Make a segment first; what you wrote stays here while you save the journey as it is. | Crea antes un segmento; guarda el recorrido tal como está y no se pierde nada. | Önce bir segment yapın; yolculuğu olduğu gibi kaydederseniz yazdıklarınız kalır.
        journeys.at-event | Event | Evento | Olay
        journeys.at-segment | Segment | Segmento | Segment
        journeys.at-on | On | En | Ne zaman
        journeys.at-date | Trait with the date | Atributo con la fecha | Tarihi taşıyan özellik
        journeys.at-offsetDays | Days after it | Días después | Kaç gün sonra
        journeys.at-at | At | A las | Saat
        journeys.at-yearly | Every year | Cada año | Her yıl
        journeys.at-schedule | Every | Cada | Her
        journeys.at-campaign | Segment | Segmento | Segment
        journeys.at-local | By each person's own clock | Según el reloj de cada persona | Herkesin kendi saatine göre
        journeys.at-perMinute | At most per minute | Como máximo por minuto | Dakikada en çok
        journeys.at-canary-share | Canaries: share | Canarios: proporción | Öncüler: oran
        journeys.at-canary-wait | Canaries: wait | Canarios: espera | Öncüler: bekleme
        journeys.at-canary-stopAbove | Canaries: stop above | Canarios: parar por encima de | Öncüler: şunun üstünde dur
        journeys.at-inaction | Event | Evento | Olay
        journeys.at-without | Without | Sin | Şu olmadan
        journeys.at-within | Within | En | Süre
        journeys.at-name | Name | Nombre | Ad
        journeys.at-note | Note | Nota | Not
        journeys.at-key | Key | Clave | Anahtar
        journeys.at-reentry | Again | Repetición | Yeniden giriş
        journeys.at-holdout | Held out | Apartados | Ayrı tutulan
        journeys.at-zone | Time zone | Zona horaria | Saat dilimi
        journeys.at-maximum | Lasts at most | Dura como máximo | En uzun süre
        journeys.at-businessDays-on | Business days | Días hábiles | İş günleri
        journeys.at-businessDays-except | Holidays | Festivos | Tatiller
        journeys.at-journey | Journey | Recorrido | Yolculuk
        journeys.at-reason | Left by | Salida por | Çıkış nedeni
        journeys.at-revenue | Revenue | Ingresos | Gelir
        journeys.at-ends | Reaching it ends the run | Alcanzarlo termina la recorrida | Ulaşan yürüyüşü bitirir
        journeys.at-sameKey | Only with the run's own key | Solo con la clave de la recorrida | Yalnızca yürüyüşün anahtarıyla
        journeys.at-condition | Condition | Condición | Koşul
        journeys.help-event | In quotes, with where behind it if its properties matter. | Entre comillas, con where detrás si importan sus propiedades. | Tırnak içinde; özellikleri önemliyse ardından where.
        journeys.help-key | An instance for each cart or order, such as properties.cartId. | Una instancia por cesta o pedido, como properties.cartId. | Her sepet ya da sipariş için bir örnek, örneğin properties.cartId.
        journeys.help-sameKey | true, or where the event has the key, such as properties.cartId; any event unless told. | true, o dónde tiene la clave el evento, como properties.cartId; cualquier evento si no se dice. | true ya da olayda anahtarın durduğu yer, örneğin properties.cartId; yazılmazsa her olay.
        journeys.help-holdout | A share such as 10%, who get nothing and only count. | Una proporción como 10%, que no recibe nada y solo cuenta. | %10 yerine 10% gibi yazılan bir oran; bir şey almaz, yalnızca sayılır.
        journeys.help-zone | For people whose zone is unknown, such as Europe/Madrid. | Para quien no tiene zona conocida, como Europe/Madrid. | Saat dilimi bilinmeyenler için, örneğin Europe/Istanbul.
        journeys.help-maximum | Such as 30 days; 365 days unless told. | Como 30 days; 365 days si no se dice. | Örneğin 30 days; yazılmazsa 365 days.
        journeys.help-businessDays-on | Such as sun, mon, tue, wed, thu; mon to fri unless told. | Como sun, mon, tue, wed, thu; de mon a fri si no se dice. | Örneğin sun, mon, tue, wed, thu; yazılmazsa mon ile fri arası.
        journeys.help-businessDays-except | Such as 12-25, each year, or 2026-04-03. | Como 12-25, cada año, o 2026-04-03. | Örneğin her yıl 12-25 ya da 2026-04-03.
        journeys.help-reason | goal, exit, finished or a reason of its steps; any unless told. | goal, exit, finished o un motivo de sus pasos; cualquiera si no se dice. | goal, exit, finished ya da adımlarındaki bir neden; yazılmazsa herhangi biri.
        journeys.help-within | Such as 7 days or 30 minutes. | Como 7 days o 30 minutes. | Örneğin 7 days ya da 30 minutes.
        journeys.help-revenue | The property with the amount, such as properties.total. | La propiedad con el importe, como properties.total. | Tutarı taşıyan özellik, örneğin properties.total.
        journeys.help-offsetDays | A negative number for days before. | Un número negativo para días antes. | Önceki günler için eksi sayı.
        journeys.help-canary-share | Such as 5%; all three empty for none. | Como 5%; los tres vacíos para ninguno. | Örneğin 5%; yoksa üçü de boş.
        journeys.help-campaign | Everyone in it gets it once. | Cada persona del segmento lo recibe una vez. | İçindeki herkes bir kez alır.
        journeys.help-at | now, a day with its time (2026-05-04T09:00), or a time of day (09:30), as the kind asks. | now, un día con su hora (2026-05-04T09:00) o una hora (09:30), según el tipo. | Türe göre now, gün ve saat (2026-05-04T09:00) ya da saat (09:30).
        journeys.help-on | entry or exit; for a week days such as mon, fri; for a month its day. | entry o exit; para una semana días como mon, fri; para un mes su día. | entry ya da exit; hafta için mon, fri gibi günler; ay için günü.
        journeys.is-entry | coming in | al entrar | girişte
        journeys.is-exit | leaving | al salir | çıkışta
        journeys.is-day | day | día | gün
        journeys.is-week | week | semana | hafta
        journeys.is-month | month | mes | ay
        journeys.is-now | as soon as it is started | en cuanto se inicia | başlatıldığı anda
        journeys.is-true | yes | sí | evet
        journeys.is-false | no | no | hayır
        journeys.is-idle | not while a run is under way | no mientras haya una recorrida en curso | yürüyüş sürerken değil
        journeys.is-once | only once | solo una vez | yalnızca bir kez
        journeys.is-parallel | a run for each | una recorrida por cada vez | her seferinde bir yürüyüş
        journeys.is-restart | begins anew | empieza de nuevo | baştan başlar
        journeys.make-destination | Destinations | Destinos | Hedefler
        journeys.warn-no-template | There is no template {name} yet. | Aún no existe la plantilla {name}. | {name} şablonu henüz yok.
        journeys.warn-no-template-remedy | Save it before the journey is started. | Guárdala antes de iniciar el recorrido. | Yolculuk başlamadan kaydedin.
        journeys.warn-no-channel | There is no channel {name}. | No existe el canal {name}. | {name} kanalı yok.
        journeys.warn-no-channel-remedy | Write one of these in its step: {list} | Escribe uno de estos en su paso: {list} | Adımına şunlardan birini yazın: {list}
        journeys.warn-no-destination | There is no destination {name} yet. | Aún no existe el destino {name}. | {name} hedefi henüz yok.
        journeys.warn-no-destination-remedy | Make it before the journey is started. | Créalo antes de iniciar el recorrido. | Yolculuk başlamadan oluşturun.
        journeys.warn-mail-not-set-up | This workspace sends no mail yet. | Este espacio aún no envía correo. | Bu çalışma alanı henüz posta göndermiyor.
        journeys.warn-mail-not-set-up-remedy | Set it up under E-mail sending before the journey is started. | Configúralo en Envío de correo antes de iniciar el recorrido. | Yolculuk başlamadan E-posta gönderimi altında kurun.
        journeys.warn-mail-not-authenticated | Its mail may not be believed, as DNS was looked up last: {around} | Puede que no se crea su correo, según la última consulta al DNS: {around} | DNS'in son sorgusuna göre postasına inanılmayabilir: {around}
        journeys.warn-mail-not-authenticated-remedy | Set the records that E-mail sending shows, and look them up there. | Pon los registros que muestra Envío de correo y consúltalos allí. | E-posta gönderiminin gösterdiği kayıtları girin ve orada sorgulayın.
        journeys.warn-mail-unknown | What DNS says of the sender could not be looked up. | No se pudo consultar lo que dice el DNS del remitente. | DNS'in gönderen için ne dediği sorgulanamadı.
        journeys.warn-mail-unknown-remedy | Look again under E-mail sending. | Consulta de nuevo en Envío de correo. | E-posta gönderimi altında yeniden sorgulayın.
        journeys.warn-key-never | What begins this journey never has the key {name}, so it begins nobody. | Lo que inicia este recorrido nunca tiene la clave {name}, así que no empieza nadie. | Bu yolculuğu başlatanda {name} anahtarı hiç olmaz; kimse başlamaz.
        journeys.warn-key-never-remedy | Empty the key; properties. and context. are an event's, data. is what the API hands in, and another journey data.key, data.reason and data.journey. | Vacía la clave; properties. y context. son de un evento, data. es lo que entrega la API, y otro recorrido data.key, data.reason y data.journey. | Anahtarı boşaltın; properties. ve context. olaya, data. API'nin verdiğine aittir; başka bir yolculuk data.key, data.reason ve data.journey verir.
        journeys.warn-same-key-never | No event has the key {name}, so sameKey: true hears none. | Ningún evento tiene la clave {name}, así que sameKey: true no oye ninguno. | Hiçbir olayda {name} anahtarı yoktur; sameKey: true hiçbirini duymaz.
        journeys.warn-same-key-never-remedy | Say where the event has it, such as properties.cartId. | Di dónde la tiene el evento, como properties.cartId. | Olayda nerede durduğunu yazın, örneğin properties.cartId.
        journeys.warn-purpose-not-offered | The preference page does not offer the purpose {name}, so nobody can choose it there. | La página de preferencias no ofrece la finalidad {name}; nadie puede elegirla allí. | Tercih sayfası {name} amacını sunmuyor; kimse onu orada seçemez.
        journeys.warn-purpose-not-offered-remedy | Name one that it offers, or add it under Consent. | Nombra una que ofrezca, o añádela en Consentimiento. | Sunduğu birini yazın ya da Onay altında ekleyin.
        journeys.warn-circle | People would go round for ever: {around} | Las personas darían vueltas sin fin: {around} | Kişiler sonsuza dek dönerdi: {around}
        journeys.warn-circle-remedy | Name other events, put a wait before one of these steps, or let one of the journeys be walked once. | Nombra otros eventos, pon una espera antes de uno de estos pasos o deja que uno de los recorridos se haga una vez. | Başka olaylar yazın, bu adımlardan birinin önüne bekleme koyun ya da yolculuklardan birini bir kezlik yapın.
        journeys.warn-may-circle | People may go round: {around} | Las personas pueden dar vueltas: {around} | Kişiler dönüp durabilir: {around}
        journeys.warn-may-circle-remedy | See that a condition ends it. | Asegúrate de que una condición lo termine. | Bir koşulun bunu bitirdiğinden emin olun.
        """#
}

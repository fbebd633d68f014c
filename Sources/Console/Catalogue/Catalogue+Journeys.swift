extension Catalogue {
    /// Journeys: the list, one with its results, the editor and rehearsals.
    static let journeys = #"""
        section.journeys | Journeys | Recorridos | Yolculuklar
        journeys.list-sentence | What happens to people by itself after something they did, and what came of it. | Lo que les pasa a las personas por sí solo tras algo que hicieron, y qué resultó. | Kişilerin yaptıklarının ardından kendiliğinden olanlar ve sonuçları.
        journeys.new | New journey | Nuevo recorrido | Yeni yolculuk
        journeys.empty-title | No journeys yet | Aún no hay recorridos | Henüz yolculuk yok
        journeys.empty-text | Say what begins it, what to wait for and what to send; rehearse it on the last days before anybody gets anything. | Di qué lo inicia, qué esperar y qué enviar; ensáyalo con los últimos días antes de que nadie reciba nada. | Neyin başlattığını, neyin beklendiğini ve ne gönderileceğini söyleyin; kimse bir şey almadan önce son günlerle prova edin.
        journeys.none-title | No journey is called so | Ningún recorrido se llama así | Bu adda yolculuk yok
        journeys.none-text | Names may be typed in part. | Los nombres pueden escribirse en parte. | Adların bir kısmı yeter.
        journeys.state | State | Estado | Durum
        journeys.state-draft | Draft | Borrador | Taslak
        journeys.state-live | Live | Activo | Yayında
        journeys.state-paused | Paused | En pausa | Duraklatıldı
        journeys.state-stopped | Stopped | Detenido | Durduruldu
        journeys.trigger | Begins with | Empieza con | Başlatan
        journeys.trigger-event | An event | Un evento | Bir olay
        journeys.trigger-segment | A segment | Un segmento | Bir segment
        journeys.trigger-journey | Another journey | Otro recorrido | Başka bir yolculuk
        journeys.trigger-date | A date | Una fecha | Bir tarih
        journeys.trigger-schedule | A schedule | Un calendario | Bir takvim
        journeys.trigger-campaign | A campaign | Una campaña | Bir kampanya
        journeys.trigger-api | The API | La API | API
        journeys.trigger-inaction | Inaction | Inacción | Eylemsizlik
        journeys.entered | Entered | Entraron | Girdi
        journeys.inside | In it now | Dentro ahora | Şimdi içinde
        journeys.converted | Converted | Convirtieron | Dönüşen
        journeys.edit | Edit | Editar | Düzenle
        journeys.rehearse | Rehearse | Ensayar | Prova et
        journeys.start | Start | Iniciar | Başlat
        journeys.start-version | Start version {version} | Iniciar la versión {version} | {version} sürümünü başlat
        journeys.pause | Pause | Pausar | Duraklat
        journeys.stop | Stop | Detener | Durdur
        journeys.stop-title | Stop {name}? | ¿Detener {name}? | {name} durdurulsun mu?
        journeys.stop-runs | Everyone in it leaves; whoever waits for a message of it gets none. | Salen todos los que están dentro; quien esperaba un mensaje no lo recibe. | İçindeki herkes çıkar; mesaj bekleyenler almaz.
        journeys.steps | Steps | Pasos | Adımlar
        journeys.standing | Who stands in older versions | Quién está en versiones anteriores | Eski sürümlerde kimler var
        journeys.nobody-stands | Nobody stands in an older version. | Nadie está en una versión anterior. | Eski bir sürümde kimse yok.
        journeys.stand | {n} run stands in an older version. ~ {n} runs stand in older versions. | {n} recorrida está en una versión anterior. ~ {n} recorridas están en versiones anteriores. | Eski bir sürümde {n} yürüyüş var. ~ Eski sürümlerde {n} yürüyüş var.
        journeys.version-number | Version | Versión | Sürüm
        journeys.policy | What they do | Qué hacen | Ne yapacaklar
        journeys.policy-finish | Walk the old version to its end | Terminan la versión anterior | Eski sürümü sonuna kadar yürürler
        journeys.policy-migrate | Go on in the new one, at the step of the same id | Siguen en la nueva, en el paso del mismo id | Yenisinde, aynı kimlikli adımda sürdürürler
        journeys.policy-leave | Leave | Salen | Çıkarlar
        journeys.policy-help | Whoever stands at a step that the new version does not have walks the old one to its end. | Quien está en un paso que la versión nueva no tiene termina la anterior. | Yeni sürümde bulunmayan bir adımda duran, eskisini sonuna kadar yürür.
        journeys.delete | Delete the journey | Eliminar el recorrido | Yolculuğu sil
        journeys.delete-results | Its versions, its runs and its results go with it. | Con él se van sus versiones, sus recorridas y sus resultados. | Sürümleri, yürüyüşleri ve sonuçları da gider.
        journeys.steps-of-version | Of version {live}, in which people begin; version {version} is written and not started. | De la versión {live}, en la que se empieza; la versión {version} está escrita y sin iniciar. | Kişilerin başladığı {live} sürümünün; {version} sürümü yazıldı, başlatılmadı.
        journeys.people | People | Personas | Kişiler
        journeys.way-on | Straight on | Sigue adelante | Doğru devam
        journeys.otherwise | Otherwise | En otro caso | Aksi halde
        journeys.came | came {count} | llegaron {count} | gelen {count}
        journeys.stands | here now {count} | ahora aquí {count} | şimdi burada {count}
        journeys.decided | decided {count} | decididos {count} | karar {count}
        journeys.sent | sent {count} | enviados {count} | gönderilen {count}
        journeys.changes | What changes | Qué cambia | Değişenler
        journeys.changes-same | 1 line stays ~ {n} lines stay | queda 1 línea ~ quedan {n} líneas | {n} satır aynı kalıyor
        journeys.changes-none | Nothing in its text. | Nada en su texto. | Metninde hiçbir şey.
        journeys.changes-long | The texts are too long to compare here. | Los textos son demasiado largos para compararlos aquí. | Metinler burada karşılaştırılamayacak kadar uzun.
        journeys.refused | refused {count} | rechazados {count} | reddedilen {count}
        journeys.failed | failed {count} | fallidos {count} | başarısız {count}
        journeys.opened | opened {count} | abiertos {count} | açan {count}
        journeys.clicked | clicked {count} | clics {count} | tıklayan {count}
        journeys.kind-message | Message | Mensaje | Mesaj
        journeys.kind-wait | Wait | Espera | Bekle
        journeys.kind-branch | Branch | Bifurcación | Dallanma
        journeys.kind-split | Split | Reparto | Bölme
        journeys.kind-filter | Filter | Filtro | Süzgeç
        journeys.kind-trait | Traits | Atributos | Özellikler
        journeys.kind-event | Event | Evento | Olay
        journeys.kind-webhook | Webhook | Webhook | Webhook
        journeys.kind-exit | Exit | Salida | Çıkış
        journeys.results | Results | Resultados | Sonuçlar
        journeys.who | Who | Quién | Kim
        journeys.runs | Runs | Recorridas | Yürüyüşler
        journeys.rate | Share | Proporción | Oran
        journeys.revenue | Revenue | Ingresos | Gelir
        journeys.walked | Walked it | Lo recorrieron | Yürüyenler
        journeys.held-out | Held out | Apartados | Ayrı tutulanlar
        journeys.no-goal | Without a goal nothing is compared: add one to see what the journey achieves. | Sin objetivo no se compara nada: añade uno para ver qué logra el recorrido. | Hedef olmadan bir şey karşılaştırılmaz: yolculuğun ne sağladığını görmek için ekleyin.
        journeys.money-lift | The journey changes the revenue of a person by {value} (95 % interval {low} to {high}). | El recorrido cambia los ingresos por persona en {value} (intervalo del 95 %: {low} a {high}). | Yolculuk kişi başına geliri {value} değiştiriyor (%95 aralık: {low} ile {high}).
        journeys.money-lift-unclear | Of the revenue of a person nothing is proved so far: {value}, interval {low} to {high}. | De los ingresos por persona nada está probado por ahora: {value}, intervalo de {low} a {high}. | Kişi başına gelir için şimdilik bir şey kanıtlanmadı: {value}, aralık {low} ile {high}.
        journeys.few-lift | Too few people to say what the journey itself achieved: ten must have walked it, and ten been held out. | Muy pocas personas para decir qué logró el recorrido: diez deben haberlo recorrido y diez haber quedado apartadas. | Yolculuğun neyi sağladığını söylemek için çok az kişi: on kişi yürümüş, on kişi ayrı tutulmuş olmalı.
        journeys.no-lift | Without people who are held out, nobody can say what the journey itself achieved. | Sin personas apartadas no se puede decir qué logró el recorrido. | Ayrı tutulan kişiler olmadan yolculuğun neyi sağladığı söylenemez.
        journeys.lift | The journey changes the share that converts by {value} points (95 % interval {low} to {high}). | El recorrido cambia la proporción que convierte en {value} puntos (intervalo del 95 %: {low} a {high}). | Yolculuk dönüşüm oranını {value} puan değiştiriyor (%95 aralık: {low} ile {high}).
        journeys.lift-unclear | So far nothing is proved: the difference is {value} points, and its 95 % interval, {low} to {high}, holds zero. | Por ahora nada está probado: la diferencia es de {value} puntos y su intervalo del 95 %, {low} a {high}, contiene el cero. | Şimdilik bir şey kanıtlanmadı: fark {value} puan ve %95 aralığı ({low} ile {high}) sıfırı içeriyor.
        journeys.ends | How runs ended | Cómo terminaron | Nasıl bitti
        journeys.reason | Reason | Motivo | Neden
        journeys.edit-sentence | Change it by its fields and buttons or by the text beside them; the text is what is saved. | Cámbialo con sus campos y botones o con el texto de al lado; se guarda el texto. | Alanlarla, düğmelerle ya da yandaki metinle değiştirin; kaydedilen metindir.
        journeys.unreadable | The steps are shown again when the text can be read. | Los pasos se muestran de nuevo cuando el texto se pueda leer. | Metin okunabilince adımlar yeniden görünür.
        journeys.yaml | The journey as text | El recorrido como texto | Metin olarak yolculuk
        journeys.yaml-help | YAML. A field or button changes the lines of its own part; all others, and comments, stay. What you type in a field is taken over by any button. | YAML. Un campo o botón cambia las líneas de su parte; las demás y los comentarios se quedan. Lo que escribes en un campo lo aplica cualquier botón. | YAML. Bir alan ya da düğme yalnızca kendi bölümünün satırlarını değiştirir; diğerleri ve yorumlar kalır. Alana yazdığınızı her düğme uygular.
        journeys.show | Show the steps | Mostrar los pasos | Adımları göster
        journeys.play | Play the stories | Probar las historias | Hikâyeleri oynat
        journeys.stories | Stories | Historias | Hikâyeler
        journeys.no-stories | There are no stories: write them under tests. | No hay historias: escríbelas en tests. | Hikâye yok: tests altına yazın.
        journeys.kept | Kept | Cumplida | Tutuyor
        journeys.not-kept | Not kept | No cumplida | Tutmuyor
        journeys.up | Up | Subir | Yukarı
        journeys.down | Down | Bajar | Aşağı
        journeys.remove | Remove | Quitar | Kaldır
        journeys.of-step | {verb}: {step} | {verb}: {step} | {verb}: {step}
        journeys.edit-step | Edit | Editar | Düzenle
        journeys.step-yaml | The step {step} as text | El paso {step} como texto | Metin olarak {step} adımı
        journeys.take-over | Take over | Aplicar | Uygula
        journeys.add | Add step | Añadir paso | Adım ekle
        journeys.add-kind | Kind of step | Tipo de paso | Adım türü
        journeys.rehearsal-title | Rehearsal of {name} | Ensayo de {name} | {name} provası
        journeys.rehearsal-sentence | What it would have done with the people and events of the last days. Nothing is sent. | Lo que habría hecho con las personas y eventos de los últimos días. No se envía nada. | Son günlerin kişileri ve olaylarıyla ne yapardı. Hiçbir şey gönderilmez.
        journeys.days | {count} days | {count} días | {count} gün
        journeys.rehearsal-sum | {people} people would have entered, {entered} times in all ({apart} held out), and {messages} messages would have been decided. Worked out in {ms} ms. | Habrían entrado {people} personas, {entered} veces en total ({apart} apartadas), y se habrían decidido {messages} mensajes. Calculado en {ms} ms. | {people} kişi toplam {entered} kez girer ({apart} ayrı tutulan) ve {messages} mesaja karar verilirdi. {ms} ms içinde hesaplandı.
        journeys.rehearsal-caps | {over} messages to {people} people would find no room under the caps of the sending policy, {held} would wait for the end of quiet hours, and {collisions} fall within a day of another message. | Para {over} mensajes a {people} personas no habría sitio bajo los topes de la política de envío, {held} esperarían al final de las horas de silencio y {collisions} caen a menos de un día de otro mensaje. | {people} kişiye giden {over} mesaj için gönderim politikasının sınırlarında yer olmaz, {held} mesaj sessiz saatlerin bitmesini bekler, {collisions} mesaj bir başkasıyla aynı güne düşer.
        journeys.not-played-canaries | What the canaries' messages say is not played: everyone else follows. | No se ensaya lo que dicen los mensajes de los primeros: todos los demás siguen. | İlk kişilerin mesajlarının sonucu prova edilmez: diğer herkes arkadan gelir.
        journeys.not-played-local | By their own clocks people are looked for three times: who came into the segment and left it in between may be missing, and everyone's clock is where it is known to be now. | Por su propio reloj se busca a las personas tres veces: puede faltar quien entró en el segmento y salió entretanto, y el reloj de cada cual es el que se conoce ahora. | Kendi saatlerine göre kişilere üç kez bakılır: arada segmente girip çıkan eksik kalabilir ve herkesin saati şimdi bilinen yerdedir.
        journeys.not-played-writes | What its own steps write (traits, events) is not played, and something in it reads that: only what stands in the log is seen. | No se ensaya lo que escriben sus propios pasos (atributos, eventos), y algo en él lo lee: solo se ve lo que está en el registro. | Kendi adımlarının yazdıkları (özellikler, olaylar) prova edilmez ve içinde bunları okuyan bir şey var: yalnızca günlükte duranlar görülür.
        journeys.not-played-journey | Another journey begins this one: who really passed through that one is played, and nobody for the time before it was live. | Otro recorrido inicia este: se ensaya a quienes pasaron de verdad por él, y a nadie del tiempo en que aún no estaba activo. | Bu yolculuğu başka bir yolculuk başlatır: ondan gerçekten geçenler prova edilir, onun yayında olmadığı zaman için kimse edilmez.
        journeys.not-played-api | Nobody comes in: only the API begins this journey, and the log does not say whom it put in. Its tests play it. | Nadie entra: solo la API inicia este recorrido y el registro no dice a quién introdujo. Sus pruebas lo ensayan. | Kimse girmez: bu yolculuğu yalnızca API başlatır ve kayıt kimin alındığını söylemez. Testleri onu oynatır.
        journeys.nothing-decided | No message would have been decided. | No se habría decidido ningún mensaje. | Hiçbir mesaja karar verilmezdi.
        journeys.by-day | Messages by day | Mensajes por día | Günlere göre mesajlar
        journeys.by-day-label | Bar chart of messages by day; the highest is {count}. The numbers are in the table below. | Gráfico de barras de mensajes por día; el máximo es {count}. Los números están en la tabla de abajo. | Günlere göre mesaj çubuk grafiği; en yükseği {count}. Sayılar aşağıdaki tabloda.
        journeys.messages | Messages | Mensajes | Mesajlar
        journeys.first-decisions | The first decisions | Las primeras decisiones | İlk kararlar
        journeys.of-person | Journeys of {name} | Recorridos de {name} | {name} yolculukları
        journeys.of-person-sentence | What was decided about them, when and why. | Lo que se decidió sobre la persona, cuándo y por qué. | Hakkında neye, ne zaman ve neden karar verildi.
        journeys.walked-none | They have walked no journey. | No ha hecho ningún recorrido. | Hiçbir yolculuk yapmadı.
        journeys.stands-at | At {step} | En {step} | {step} adımında
        journeys.ended-by | Ended: {reason} | Terminó: {reason} | Bitti: {reason}
        journeys.moves | moves on | avanza | ilerler
        journeys.version | version {version} | versión {version} | sürüm {version}
        journeys.did-entered | Entered | Entró | Girdi
        journeys.did-passed | Went on | Siguió | İlerledi
        journeys.did-decided | Decided | Decidido | Karar verildi
        journeys.did-ended | Left | Salió | Çıktı
        journeys.did-converted | Reached the goal | Alcanzó el objetivo | Hedefe ulaştı
        journeys.did-heldOut | Held out | Apartada | Ayrı tutuldu
        journeys.did-moved | Moved to another version | Pasó a otra versión | Başka sürüme geçti
        journeys.did-opened | Opened | Abierto | Açtı
        journeys.did-clicked | Clicked | Clic | Tıkladı
        journeys.did-sent | Sent | Enviado | Gönderildi
        journeys.did-withheld | Message not sent | Mensaje no enviado | İleti gönderilmedi
        journeys.did-heard | Heard while paused | Recibido en la pausa | Duraklatılmışken duyuldu
        journeys.did-refused | Not begun again | No empezó de nuevo | Yeniden başlamadı
        journeys.did-failed | Failed | Falló | Başarısız
        journeys.when | When | Cuándo | Ne zaman
        journeys.step | Step | Paso | Adım
        journeys.what | What | Qué | Ne
        notice.journey-saved | The journey is saved. | El recorrido está guardado. | Yolculuk kaydedildi.
        notice.journey-started | The journey is live. | El recorrido está activo. | Yolculuk yayında.
        notice.journey-paused | The journey is paused. | El recorrido está en pausa. | Yolculuk duraklatıldı.
        notice.journey-deleted | The journey is deleted. | El recorrido se ha eliminado. | Yolculuk silindi.
        notice.journey-stopped | The journey is stopped. | El recorrido está detenido. | Yolculuk durduruldu.
        notice.journey-circle | It was not started: it and another live journey would begin each other without end. | No se inició: este y otro recorrido activo se iniciarían uno a otro sin fin. | Başlatılmadı: bu ve yayındaki başka bir yolculuk birbirini sonsuza dek başlatırdı.
        notice.journey-not-believed | It was not started: DNS does not say what makes its mail believed. | No se inició: el DNS no dice lo que hace creíble su correo. | Başlatılmadı: DNS, postasına inanılması için gerekeni söylemiyor.
        notice.journey-waits | It was not started: a template that it sends or a destination that it calls is missing, or it cannot be read. | No se inició: falta una plantilla que envía o un destino al que llama, o no se puede leer. | Başlatılmadı: gönderdiği bir şablon ya da çağırdığı bir hedef eksik ya da okunamıyor.
        """#
}

extension Catalogue {
    /// The form of a campaign, whom it reaches, and what its canaries said.
    static let campaigns = #"""
        campaign.new | New campaign | Nueva campaña | Yeni kampanya
        campaign.sentence | One message to everyone in a segment, once. Nothing goes out before you start it. | Un mensaje a todo un segmento, una vez. Nada sale antes de que la inicies. | Bir segmentteki herkese, bir kez, bir mesaj. Siz başlatmadan hiçbir şey gitmez.
        campaign.part-who | Who gets it | Quién la recibe | Kim alacak
        campaign.part-what | What they get | Qué reciben | Ne alacaklar
        campaign.part-when | When | Cuándo | Ne zaman
        campaign.part-care | Carefully | Con cuidado | Temkinli
        campaign.part-worth | What it achieves | Qué logra | Ne sağlar
        campaign.field-name | Name of the campaign | Nombre de la campaña | Kampanyanın adı
        campaign.field-segment | Segment | Segmento | Segment
        campaign.field-template | Template | Plantilla | Şablon
        campaign.field-channel | Channel | Canal | Kanal
        campaign.field-purpose | Purpose | Finalidad | Amaç
        campaign.field-topic | Topic | Tema | Konu
        campaign.field-when | Start | Inicio | Başlangıç
        campaign.field-at | Day and time | Día y hora | Gün ve saat
        campaign.field-zone | Time zone | Zona horaria | Saat dilimi
        campaign.field-perMinute | At most per minute | Como máximo por minuto | Dakikada en çok
        campaign.field-canaries | A few first | Unos pocos primero | Önce birkaç kişi
        campaign.field-share | Share of them | Proporción | Oranı
        campaign.field-wait | Then wait | Luego esperar | Sonra bekle
        campaign.field-stopAbove | Stop if more fail than | Parar si fallan más de | Şundan çoğu başarısızsa dur
        campaign.field-holdout | Held out | Apartados | Ayrı tutulan
        campaign.field-event | Goal: an event | Objetivo: un evento | Hedef: bir olay
        campaign.field-revenue | What it was worth | Cuánto valió | Değeri
        campaign.field-within | Within | En | Süre
        campaign.help-segment | Who is in it when the campaign begins. | Quien esté en él cuando empiece la campaña. | Kampanya başladığında içinde olanlar.
        campaign.help-purpose | Only who agreed to it gets it. | Solo lo recibe quien la aceptó. | Yalnızca buna razı olan alır.
        campaign.help-topic | Leave it empty where the purpose says enough. | Déjalo vacío si la finalidad basta. | Amaç yetiyorsa boş bırakın.
        campaign.help-at | Only where it does not begin at once. Who starts late gets it at once. | Solo si no empieza de inmediato. A quien ya le pasó la hora le llega al iniciar. | Yalnızca hemen başlamıyorsa. Saati geçmiş olan hemen alır.
        campaign.help-zone | Such as Europe/Madrid; also for people whose own is unknown. | Como Europe/Madrid; también para quien no tenga una conocida. | Örneğin Europe/Istanbul; kendininki bilinmeyenler için de.
        campaign.help-perMinute | Empty for all at once. | Vacío para todos a la vez. | Herkese birden için boş.
        campaign.help-canaries | A share goes first; if too many of their messages fail, nobody else gets it. | Una parte va primero; si fallan demasiados de sus mensajes, nadie más la recibe. | Bir kısmı önce alır; mesajlarının çoğu başarısız olursa başka kimse almaz.
        campaign.help-share | Such as 5%. | Como 5%. | Örneğin 5%.
        campaign.help-wait | Such as 1 hour or 30 minutes. | Como 1 hour o 30 minutes. | Örneğin 1 hour ya da 30 minutes.
        campaign.help-stopAbove | Such as 2%. | Como 2%. | Örneğin 2%.
        campaign.help-holdout | A share who get nothing, so that you see what the campaign itself achieved; 0% for nobody. | Una parte que no recibe nada, para ver qué logró la campaña; 0% para nadie. | Hiçbir şey almayan bir kısım; kampanyanın kendisinin ne sağladığını böyle görürsünüz. Kimse için 0%.
        campaign.help-event | What you hope for, such as Order Completed. Empty for none. | Lo que esperas, como Order Completed. Vacío para ninguno. | Umduğunuz şey, örneğin Order Completed. Yoksa boş.
        campaign.help-revenue | The property with the amount, such as properties.total. | La propiedad con el importe, como properties.total. | Tutarı taşıyan özellik, örneğin properties.total.
        campaign.help-within | Such as 7 days after they got it. | Como 7 days tras recibirla. | Aldıktan sonra, örneğin 7 days.
        campaign.when-now | As soon as I start it | En cuanto la inicie | Başlattığım anda
        campaign.when-at | At a day and time | En un día y hora | Bir gün ve saatte
        campaign.when-local | At that time of each person's own clock | A esa hora del reloj de cada persona | Herkesin kendi saatiyle o saatte
        campaign.canaries-yes | Yes | Sí | Evet
        campaign.canaries-no | No, everyone at once | No, todos a la vez | Hayır, herkes birden
        campaign.count | Count the recipients | Contar destinatarios | Alıcıları say
        campaign.save | Make the campaign | Crear la campaña | Kampanyayı oluştur
        campaign.save-help | It is kept as a draft; you start it on the next page. | Queda como borrador; la inicias en la página siguiente. | Taslak olarak saklanır; sonraki sayfada başlatırsınız.
        campaign.as-text | The campaign as text | La campaña como texto | Metin olarak kampanya
        campaign.as-text-help | What is saved, and what the editor, the command line and the API read. | Lo que se guarda y lo que leen el editor, la línea de comandos y la API. | Kaydedilen; düzenleyicinin, komut satırının ve API'nin okuduğu metin.
        campaign.audience | Recipients, as of now | Destinatarios, ahora | Şu anki alıcılar
        campaign.in-segment | In the segment | En el segmento | Segmentte
        campaign.held-out | Held out | Apartados | Ayrı tutulan
        campaign.reached | Would get it | La recibirían | Alacak olan
        campaign.about | about {count} | unos {count} | yaklaşık {count}
        campaign.nobody | Nobody is in {segment} now. | Ahora no hay nadie en {segment}. | Şu an {segment} içinde kimse yok.
        campaign.asked-all | Of {asked} people, {address} can be reached by {channel}, and {agreed} of them agreed to {purpose}. | De {asked} personas, a {address} se llega por {channel} y {agreed} de ellas aceptaron {purpose}. | {asked} kişiden {address} kişiye {channel} ile ulaşılır; {agreed} kişi {purpose} için razı.
        campaign.asked-some | An estimate: {asked} of {people} people were looked at. Of these, {address} can be reached by {channel}, and {agreed} of them agreed to {purpose}. | Una estimación: se examinó a {asked} de {people} personas. De ellas, a {address} se llega por {channel} y {agreed} aceptaron {purpose}. | Bir tahmin: {people} kişiden {asked} kişiye bakıldı. Bunların {address} kişisine {channel} ile ulaşılır; {agreed} kişi {purpose} için razı.
        campaign.canaries-first | About {n} goes first; everyone else follows if their message arrives. ~ About {n} go first; everyone else follows if their messages arrive. | Va primero {n}; los demás siguen si su mensaje llega. ~ Unos {n} van primero; los demás siguen si sus mensajes llegan. | Önce yaklaşık {n} kişi alır; mesajları ulaşırsa diğerleri izler.
        campaign.takes | At this pace it takes about {minutes} minutes. | A este ritmo tarda unos {minutes} minutos. | Bu hızla yaklaşık {minutes} dakika sürer.
        campaign.waiting | {n} person has not got it yet. ~ {n} people have not got it yet. | {n} persona aún no la ha recibido. ~ {n} personas aún no la han recibido. | {n} kişi henüz almadı.
        campaign.no-segments | A campaign goes to a segment | Una campaña va a un segmento | Kampanya bir segmente gider
        campaign.no-segments-text | There is none yet. Say who is in it, see how many they are, then come back here. | Aún no hay ninguno. Di quién está en él, mira cuántos son y vuelve aquí. | Henüz yok. Kimlerin içinde olduğunu söyleyin, kaç kişi olduklarını görün, sonra buraya dönün.
        campaign.no-templates | A campaign sends a template | Una campaña envía una plantilla | Kampanya bir şablon gönderir
        campaign.no-templates-text | There is none yet. Write what people are to read, then come back here. | Aún no hay ninguna. Escribe lo que la gente debe leer y vuelve aquí. | Henüz yok. İnsanların okuyacağını yazın, sonra buraya dönün.
        campaign.wrong-name | The campaign has no name. | La campaña no tiene nombre. | Kampanyanın adı yok.
        campaign.wrong-name-remedy | Give it one that your colleagues will know. | Dale uno que reconozcan tus colegas. | Meslektaşlarınızın tanıyacağı bir ad verin.
        campaign.wrong-kind | The channel {channel} does not send the template {template}. | El canal {channel} no envía la plantilla {template}. | {channel} kanalı {template} şablonunu göndermez.
        campaign.wrong-kind-remedy | Choose another channel, or a template made for this one. | Elige otro canal o una plantilla hecha para este. | Başka bir kanal ya da bunun için yapılmış bir şablon seçin.
        campaign.wrong-at | The day and time are missing. | Faltan el día y la hora. | Gün ve saat eksik.
        campaign.wrong-at-remedy | Fill them in, or begin as soon as you start it. | Rellénalos o empieza en cuanto la inicies. | Doldurun ya da başlattığınız anda başlamasını seçin.
        campaign.wrong-template | There is no such template. | No existe esa plantilla. | Böyle bir şablon yok.
        campaign.wrong-template-remedy | Choose one of the list. | Elige una de la lista. | Listeden birini seçin.
        campaign.canaries-paused | Paused by what came of the first messages | En pausa por lo que pasó con los primeros mensajes | İlk mesajların sonucu yüzünden duraklatıldı
        campaign.canaries-failed | {failed} of the first {all} messages failed: {share}, and {limit} is the limit. | Fallaron {failed} de los primeros {all} mensajes: {share}, y el límite es {limit}. | İlk {all} mesajdan {failed} tanesi başarısız oldu: {share}; sınır {limit}.
        campaign.canaries-silent | Nothing was heard of the first messages for a day: none arrived and none failed. | En un día no se supo nada de los primeros mensajes: ninguno llegó y ninguno falló. | Bir gün boyunca ilk mesajlardan haber alınmadı: ne ulaşan ne başarısız olan var.
        campaign.canaries-next | {waiting} people have not got it. See why in Deliveries; then start it again to let everyone else have it, or stop it. | {waiting} personas no la han recibido. Mira por qué en Entregas; luego iníciala de nuevo para que la reciban los demás, o detenla. | {waiting} kişi almadı. Nedenini Gönderiler'de görün; sonra diğerlerinin alması için yeniden başlatın ya da durdurun.
        campaign.canaries-look | See the messages that failed | Ver los mensajes fallidos | Başarısız mesajları gör
        notice.campaign-saved | The campaign is kept as a draft. Look at it once more, then start it. | La campaña está guardada como borrador. Revísala e iníciala. | Kampanya taslak olarak saklandı. Bir kez daha bakın, sonra başlatın.
        """#
}

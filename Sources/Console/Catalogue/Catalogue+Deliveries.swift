extension Catalogue {
    /// Messages and what became of them, the sending policy, and destinations.
    static let deliveries = #"""
        section.deliveries | Deliveries | Entregas | Gönderiler
        section.destinations | Destinations | Destinos | Hedefler
        section.policy | Caps and quiet hours | Límites y silencio | Sınırlar ve sessiz saatler
        deliveries.sentence | Every message with what became of it, and why. | Cada mensaje con lo que fue de él y por qué. | Her ileti, sonucu ve nedeniyle.
        deliveries.empty-title | No messages here | No hay mensajes aquí | Burada ileti yok
        deliveries.empty-text | What is sent or refused appears here, with the reason. | Lo que se envía o se rechaza aparece aquí, con el motivo. | Gönderilen ya da reddedilenler nedenleriyle burada görünür.
        deliveries.chart | Messages by hour | Mensajes por hora | Saatlere göre iletiler
        deliveries.chart-total | {n} sent; lighter, what was refused or failed ~ {n} sent; lighter, what was refused or failed | {n} enviado; más claro, lo rechazado o fallido ~ {n} enviados; más claro, lo rechazado o fallido | {n} gönderildi; daha açık olan reddedilen ya da başarısız olanlar
        deliveries.chart-point | {time}: {sent} sent, {refused} refused, {failed} failed | {time}: {sent} enviados, {refused} rechazados, {failed} fallidos | {time}: {sent} gönderildi, {refused} reddedildi, {failed} başarısız
        deliveries.chart-label | Messages in each hour, at most {max} | Mensajes en cada hora, como máximo {max} | Her saatteki iletiler, en fazla {max}
        deliveries.lanes | Channels with something to do | Canales con algo pendiente | İşi olan kanallar
        deliveries.channel | Channel | Canal | Kanal
        deliveries.template | Template | Plantilla | Şablon
        deliveries.waiting | Waiting | En espera | Bekleyen
        deliveries.dead | Dead letters | Cartas muertas | Ölü iletiler
        deliveries.paused | Paused: the other side fails | En pausa: el otro lado falla | Durakladı: karşı taraf yanıt vermiyor
        deliveries.works | Works | Funciona | Çalışıyor
        deliveries.filter | Only one state | Solo un estado | Yalnızca bir durum
        deliveries.only | Only what was decided by | Solo lo que decidió | Yalnızca bunun kararı:
        deliveries.of-all | Show all | Mostrar todo | Tümünü göster
        deliveries.all | All | Todos | Tümü
        deliveries.replay | Send again | Enviar de nuevo | Yeniden gönder
        deliveries.replay-all | Send all again | Enviar todos de nuevo | Hepsini yeniden gönder
        deliveries.panel | Messages | Mensajes | İletiler
        delivery-state.waiting | Waiting | En espera | Bekliyor
        delivery-state.retrying | Tried again | Reintentando | Yeniden deneniyor
        delivery-state.underway | Under way | En camino | Yolda
        delivery-state.sent | Sent | Enviado | Gönderildi
        delivery-state.refused | Refused | Rechazado | Reddedildi
        delivery-state.held | Held | Retenido | Bekletiliyor
        deliveries.held | Held since a backup was restored | Retenido desde que se restauró una copia | Yedek geri yüklendiğinden beri bekletilenler
        deliveries.held-text | {n} message or call may have been sent after the backup was made. Journeys and campaigns are held as well until you decide. ~ {n} messages or calls may have been sent after the backup was made. Journeys and campaigns are held as well until you decide. | {n} mensaje o llamada pudo enviarse después de la copia. Los recorridos y campañas también esperan hasta que decidas. ~ {n} mensajes o llamadas pudieron enviarse después de la copia. Los recorridos y campañas también esperan hasta que decidas. | Yedekten sonra {n} ileti ya da çağrı gönderilmiş olabilir. Siz karar verene kadar yolculuklar ve kampanyalar da bekler.
        deliveries.release | Send after all | Enviar de todos modos | Yine de gönder
        deliveries.drop | Take back | Retirar | Geri al
        deliveries.drop-title | Take back what is held? | ¿Retirar lo retenido? | Bekletilenler geri alınsın mı?
        deliveries.drop-text | They are never sent, and their history says that they were taken back. | Nunca se envían y su historial dice que se retiraron. | Asla gönderilmezler ve geçmişlerinde geri alındıkları yazar.
        notice.messages-released | They are sent, each under its key. | Se envían, cada uno con su clave. | Her biri kendi anahtarıyla gönderiliyor.
        notice.messages-dropped | They were taken back, and are not sent. | Se retiraron y no se envían. | Geri alındılar ve gönderilmeyecekler.
        delivery-state.dead | Dead letter | Carta muerta | Ölü ileti
        message.title | Message | Mensaje | İleti
        message.summary | What is known of it | Lo que se sabe de él | Bilinenler
        message.key | Key | Clave | Anahtar
        message.origin | Decided by | Decidido por | Kararı veren
        message.purpose | Purpose | Finalidad | Amaç
        message.topic | Topic | Tema | Konu
        message.attempts | Tries | Intentos | Deneme
        message.repeats | Repeats under the same key | Repeticiones con la misma clave | Aynı anahtarla tekrar
        message.due | Not before | No antes de | Şundan önce değil
        message.receipt | Receipt of the other side | Recibo del otro lado | Karşı tarafın makbuzu
        message.steps | On the way | En el camino | Yolda olanlar
        message.what | What happened | Qué pasó | Ne oldu
        message.detail | Detail | Detalle | Ayrıntı
        message.checks | What every check says now | Lo que dice ahora cada comprobación | Her denetimin şu anki yanıtı
        message.check | Check | Comprobación | Denetim
        message.check-person | Person | Persona | Kişi
        message.check-expiry | Expiry | Vencimiento | Süre
        message.check-channel | Channel | Canal | Kanal
        message.check-address | Address | Dirección | Adres
        message.check-template | Template | Plantilla | Şablon
        message.check-consent | Consent | Consentimiento | Onay
        message.check-quiet-hours | Quiet hours | Horas de silencio | Sessiz saatler
        message.check-frequency | How often they want | Con qué frecuencia quieren | Ne sıklıkta istiyorlar
        message.check-sender | Standing of the sender | Reputación del remitente | Gönderenin durumu
        message.check-caps | Caps | Límites | Sınırlar
        message.answer-passed | Passed | Pasa | Geçti
        message.answer-refused | Refused | Rechaza | Reddetti
        message.answer-waits | Waits | Espera | Bekliyor
        message.answer-unasked | Not asked | No se preguntó | Sorulmadı
        policy.sentence | How many messages a person gets at most, and when they get none. Receipts and the like are never held back. | Cuántos mensajes recibe una persona como máximo y cuándo no recibe ninguno. Los recibos y similares nunca se retienen. | Bir kişi en fazla kaç ileti alır ve ne zaman almaz. Makbuz ve benzerleri asla bekletilmez.
        policy.caps | Caps, one in each line | Límites, uno por línea | Sınırlar, her satırda bir tane
        policy.caps-help | name; how many; in how many hours, or minutes with min; and any of channel=, purpose=, topic=, per=channel+topic, wait. For example: day; 2; 24, or gap; 1; 30 min; wait | nombre; cuántos; en cuántas horas, o minutos con min; y además channel=, purpose=, topic=, per=channel+topic, wait. Por ejemplo: day; 2; 24, o gap; 1; 30 min; wait | ad; kaç tane; kaç saatte, min ile dakikada; ayrıca channel=, purpose=, topic=, per=channel+topic, wait. Örneğin: day; 2; 24 ya da gap; 1; 30 min; wait
        policy.quiet | Quiet hours, one in each line | Horas de silencio, una por línea | Sessiz saatler, her satırda bir tane
        policy.quiet-help | From and to by the clock where the person lives, and channels. For example: 21:00-08:00; email | Desde y hasta según el reloj donde vive la persona, y canales. Por ejemplo: 21:00-08:00; email | Kişinin yaşadığı yerin saatine göre başlangıç ve bitiş, ve kanallar. Örneğin: 21:00-08:00; email
        policy.zone | Time zone | Zona horaria | Saat dilimi
        policy.zone-help | Of people whose trait timezone and devices name none, as Europe/Madrid. | De las personas cuyo rasgo timezone y cuyos dispositivos no indican ninguna, como Europe/Madrid. | timezone özelliği ve cihazı dilim söylemeyen kişiler için, örneğin Europe/Madrid.
        policy.address | Public address | Dirección pública | Genel adres
        policy.address-help | What links in messages begin with and where browsers send events, as https://shop.example; empty for this server's own. | Con qué empiezan los enlaces de los mensajes y adónde envían los navegadores sus eventos, como https://shop.example; vacío para la de este servidor. | İletilerdeki bağlantıların başı ve tarayıcıların olay gönderdiği adres, örneğin https://shop.example; boşsa bu sunucununki.
        policy.webhook | Destination of webhook messages | Destino de los mensajes por webhook | Webhook iletilerinin hedefi
        policy.webhook-none | None | Ninguno | Yok
        policy.webhook-help | It passes on the messages of the channel webhook. | Reenvía los mensajes del canal webhook. | webhook kanalının iletilerini iletir.
        policy.keep | Keep messages for so many days | Conservar los mensajes tantos días | İletileri bu kadar gün sakla
        policy.keep-help | Messages, calls and what became of them are removed so many days after their end. | Los mensajes, las llamadas y lo que fue de ellos se eliminan tantos días después de su fin. | İletiler, çağrılar ve sonuçları bittikten bu kadar gün sonra silinir.
        policy.version | Version {number} | Versión {number} | Sürüm {number}
        notice.policy-saved | Saved: in force for every message from now on. | Guardado: vale para cada mensaje desde ahora. | Kaydedildi: bundan sonraki her ileti için geçerli.
        notice.messages-replayed | They are sent again, each under its key. | Se envían de nuevo, cada uno con su clave. | Her biri kendi anahtarıyla yeniden gönderiliyor.
        notice.destination-saved | Saved. | Guardado. | Kaydedildi.
        notice.destination-deleted | Deleted; what waited for it is refused. | Eliminado; lo que le esperaba se rechaza. | Silindi; onu bekleyenler reddedilir.
        destinations.sentence | Systems of yours that are told of events and of changes of segments, by signed calls. | Sistemas tuyos que se enteran de eventos y de cambios de segmentos por llamadas firmadas. | Olayları ve segment değişikliklerini imzalı çağrılarla öğrenen sistemleriniz.
        destinations.empty-title | No destinations yet | Aún no hay destinos | Henüz hedef yok
        destinations.empty-text | Make one below: it is told of what comes from then on. | Crea uno abajo: se entera de lo que llegue desde entonces. | Aşağıda bir tane oluşturun: o andan sonra gelenleri öğrenir.
        destinations.new | New destination | Destino nuevo | Yeni hedef
        destinations.create | Create destination | Crear destino | Hedef oluştur
        destinations.url | Address | Dirección | Adres
        destinations.url-help | An https address of the open network. | Una dirección https de la red abierta. | Açık ağda bir https adresi.
        destinations.events | Events | Eventos | Olaylar
        destinations.events-help | Names with commas, or types such as identify; * for all. | Nombres con comas o tipos como identify; * para todos. | Virgülle adlar ya da identify gibi türler; tümü için *.
        destinations.segments | Segments | Segmentos | Segmentler
        destinations.segments-help | Ids with commas; * for all. | Ids con comas; * para todos. | Virgülle kimlikler; tümü için *.
        destinations.condition | About whom | Sobre quién | Kimler hakkında
        destinations.condition-help | A condition as segments have it, such as plan = "gold"; empty for everyone. | Una condición como las de los segmentos, por ejemplo plan = "gold"; vacío para todos. | Segmentlerdeki gibi bir koşul, örneğin plan = "gold"; herkes için boş.
        destinations.about | About whom | Sobre quién | Kimler hakkında
        destinations.sharing | Needs a yes to sharing | Requiere un sí a compartir | Paylaşım için onay gerekir
        destinations.sharing-help | For one that uses what it is told for its own ends: it is told only of people who said yes to the purpose sharing. | Para uno que usa lo que se le cuenta para sus propios fines: solo se le habla de quienes dijeron que sí a la finalidad sharing. | Öğrendiklerini kendi amaçları için kullanan hedefler için: yalnızca sharing amacına evet diyenler bildirilir.
        destinations.sharing-on | only with a yes to sharing | solo con un sí a compartir | yalnızca paylaşıma evet diyenler
        destinations.share | Ask for sharing | Pedir permiso de compartir | Paylaşım onayı iste
        destinations.unshare | Do not ask for sharing | No pedir permiso de compartir | Paylaşım onayı isteme
        destinations.told | Is told of | Se entera de | Öğrendikleri
        destinations.told-nothing | nothing by itself | nada por sí mismo | kendiliğinden hiçbir şey
        destinations.on | On | Activado | Açık
        destinations.off | Off | Desactivado | Kapalı
        destinations.off-waits | What waits goes once it is switched on. | Lo que espera saldrá cuando se active. | Bekleyenler, açıldığında gönderilir.
        destinations.switch-on | Switch on | Activar | Aç
        destinations.switch-off | Switch off | Desactivar | Kapat
        destinations.rotate | New secret | Secreto nuevo | Yeni gizli anahtar
        destinations.secret | The secret of {name} | El secreto de {name} | {name} hedefinin gizli anahtarı
        destinations.secret-once | Copy it now: it is shown this one time only. | Cópialo ahora: se muestra solo esta vez. | Şimdi kopyalayın: yalnızca bu kez gösterilir.
        destinations.secret-before | The one before signs as well until another is made. | El anterior firma también hasta que se cree otro. | Bir yenisi oluşturulana kadar önceki de imzalar.
        destinations.delete-title | Delete {name}? | ¿Eliminar {name}? | {name} silinsin mi?
        destinations.delete-text | It is told of nothing more, and what waits for it is refused. | No se entera de nada más y lo que le espera se rechaza. | Artık hiçbir şey öğrenmez ve onu bekleyenler reddedilir.
        """#
}

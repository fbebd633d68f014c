extension Catalogue {
    /// API tokens, password and sessions.
    static let settings = #"""
        tokens.sentence | Keys for programs that read and manage this workspace through the API. | Claves para programas que leen y administran este espacio por la API. | Bu çalışma alanını API ile okuyan ve yöneten programların anahtarları.
        tokens.empty-title | No tokens yet | Aún no hay tokens | Henüz jeton yok
        tokens.empty-text | Everything this console shows is an API call too. Create a token below to make one. | Todo lo que muestra esta consola es también una llamada de API. Crea abajo un token para hacer una. | Bu konsolun gösterdiği her şey aynı zamanda bir API çağrısıdır. Çağrı yapmak için aşağıda bir jeton oluşturun.
        tokens.new | New token | Token nuevo | Yeni jeton
        tokens.create | Create token | Crear token | Jeton oluştur
        tokens.created | {name} is ready | {name} está listo | {name} hazır
        tokens.once | Copy it now: it is shown this one time only, and we keep no copy. | Cópialo ahora: se muestra solo esta vez y no guardamos copia. | Şimdi kopyalayın: yalnızca bu kez gösterilir, biz kopyasını saklamayız.
        tokens.try | Try it | Pruébalo | Deneyin
        tokens.name-help | After the program that will use it, so that you know what stops when you revoke it. | Según el programa que lo usará, para saber qué se detiene al revocarlo. | Onu kullanacak programa göre; iptal edince neyin duracağını bilirsiniz.
        tokens.name-missing | Give it a name, so that you know later what it is for. | Ponle un nombre para saber después para qué sirve. | Sonradan ne işe yaradığını bilmek için bir ad verin.
        tokens.name-taken | There is a token named {name} already. Choose another name, or revoke that one first. | Ya hay un token llamado {name}. Elige otro nombre o revoca antes ese. | {name} adında bir jeton zaten var. Başka bir ad seçin ya da önce onu iptal edin.
        tokens.sent-again | {name} was created already, and its secret was shown that one time. Nothing was created now. If you did not copy it, revoke it and create another. | {name} ya se creó y su secreto se mostró esa única vez. Ahora no se ha creado nada. Si no lo copiaste, revócalo y crea otro. | {name} zaten oluşturuldu ve gizli değeri o tek sefer gösterildi. Şimdi bir şey oluşturulmadı. Kopyalamadıysanız iptal edip yenisini oluşturun.
        tokens.scopes | What it may do | Qué puede hacer | Neler yapabilir
        tokens.scopes-missing | Choose at least one thing that it may do. | Elige al menos una cosa que pueda hacer. | Yapabileceği en az bir şey seçin.
        tokens.never-used | never used | nunca usado | hiç kullanılmadı
        tokens.revoke | Revoke | Revocar | İptal et
        tokens.revoke-title | Revoke {name}? | ¿Revocar {name}? | {name} iptal edilsin mi?
        tokens.revoke-text | Every program that uses it is refused from the next call on. | Todo programa que lo use será rechazado desde la próxima llamada. | Onu kullanan her program bir sonraki çağrıda reddedilir.
        tokens.revoke-forever | It cannot be brought back; a new token is a different one. | No se puede recuperar; un token nuevo es otro distinto. | Geri getirilemez; yeni jeton farklı bir jetondur.
        scope.all | everything in this workspace | todo en este espacio de trabajo | bu çalışma alanındaki her şey
        scope.read | read everything, change nothing | leer todo, sin cambiar nada | her şeyi oku, hiçbir şeyi değiştirme
        scope.events:read | read events | leer eventos | olayları oku
        scope.profiles:read | read profiles | leer perfiles | profilleri oku
        scope.quarantine:read | read refused events | leer eventos rechazados | reddedilen olayları oku
        scope.quarantine:write | replay and delete refused events | reenviar y eliminar eventos rechazados | reddedilen olayları yeniden gönder ve sil
        scope.sources:read | read sources with their write keys | leer fuentes con sus claves de escritura | kaynakları yazma anahtarlarıyla oku
        scope.imports:read | see imports | ver importaciones | içe aktarmaları gör
        scope.imports:write | import files | importar archivos | dosya içe aktar
        scope.access:read | see tokens, without their secrets | ver tokens, sin sus secretos | jetonları gör, gizli değerleri olmadan
        scope.access:write | create and revoke tokens | crear y revocar tokens | jeton oluştur ve iptal et
        scope.operations:read | read measurements and counts | leer métricas y recuentos | ölçümleri ve sayıları oku
        scope.segments:read | read segments and static lists and who is in them | leer segmentos y listas y quién está en ellos | segmentleri, listeleri ve içindekileri oku
        scope.segments:write | create and change segments, lists and computed traits | crear y cambiar segmentos, listas y atributos calculados | segment, liste ve hesaplanan özellik oluştur ve değiştir
        scope.templates:read | read message templates | leer plantillas de mensajes | mesaj şablonlarını oku
        scope.templates:write | create and change message templates | crear y cambiar plantillas de mensajes | mesaj şablonu oluştur ve değiştir
        scope.journeys:read | read journeys and who walks them | leer recorridos y quién los sigue | yolculukları ve içindekileri oku
        scope.journeys:write | create, start and stop journeys | crear, iniciar y detener recorridos | yolculuk oluştur, başlat ve durdur
        scope.consent:read | read what people said about consent | leer lo que las personas dijeron sobre el consentimiento | kişilerin onayla ilgili söylediklerini oku
        scope.consent:write | record consent and suppress addresses | registrar consentimientos y bloquear direcciones | onay kaydet ve adresleri engelle
        scope.messages:read | read messages and what became of them | leer mensajes y qué fue de ellos | mesajları ve akıbetlerini oku
        scope.messages:write | send messages, and send after all or take back what is held | enviar mensajes, y enviar o retirar los retenidos | mesaj gönder, bekletilenleri gönder ya da geri al
        scope.destinations:read | read destinations | leer destinos | hedefleri oku
        scope.destinations:write | create and change destinations | crear y cambiar destinos | hedef oluştur ve değiştir
        scope.analytics:read | ask funnels, retention and other questions | consultar embudos, retención y otras preguntas | huni, elde tutma ve başka sorular sor
        scope.identity:write | say who is who | decir quién es quién | kimin kim olduğunu söyle
        scope.operations:write | make backups | hacer copias de seguridad | yedek al
        scope.sources:write | create and change sources | crear y cambiar fuentes | kaynak oluştur ve değiştir
        scope.accounts:write | change accounts and their members | cambiar cuentas y sus miembros | hesapları ve üyelerini değiştir
        scope.privacy:write | erase people | borrar personas | kişileri sil
        session.sentence | How you get in, and where you are signed in. | Cómo entras y dónde tienes la sesión abierta. | Nasıl giriyorsunuz ve nerelerde oturumunuz açık.
        session.password | Change the password | Cambiar la contraseña | Parolayı değiştir
        session.change | Change password | Cambiar contraseña | Parolayı değiştir
        session.signed-in | Signed in here | Sesiones abiertas | Açık oturumlar
        session.this | This browser | Este navegador | Bu tarayıcı
        session.only-this | Only this browser is signed in. | Solo este navegador tiene la sesión abierta. | Yalnızca bu tarayıcıda oturum açık.
        session.end-others | End all other sessions | Cerrar todas las demás sesiones | Diğer tüm oturumları kapat
        """#
}

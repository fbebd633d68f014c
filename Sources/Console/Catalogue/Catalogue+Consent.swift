extension Catalogue {
    /// Consent: the pages for the people whose data it is, the profile's page, and the settings.
    static let consent = #"""
        preferences.title | What you get from us | Lo que recibes de nosotros | Bizden ne alıyorsunuz
        preferences.sentence | Choose what we may write to you about, and how. It counts from the moment you save. | Elige sobre qué podemos escribirte y cómo. Vale desde el momento en que guardas. | Size hangi konularda ve nasıl yazabileceğimizi seçin. Kaydettiğiniz andan itibaren geçerlidir.
        preferences.for-me | For yourself | Para ti | Kendiniz için
        preferences.for-account | As a member of {account} | Como miembro de {account} | {account} üyesi olarak
        preferences.accounts-before | Accounts before | Cuentas anteriores | Önceki hesaplar
        preferences.accounts-after | More accounts | Más cuentas | Diğer hesaplar
        preferences.frequency | How often at most | Con qué frecuencia como máximo | En fazla ne sıklıkta
        preferences.frequency-any | As it comes | Según llegue | Geldikçe
        preferences.frequency-daily | Once a day | Una vez al día | Günde bir
        preferences.frequency-weekly | Once a week | Una vez a la semana | Haftada bir
        preferences.frequency-monthly | Once a month | Una vez al mes | Ayda bir
        preferences.pause-title | A pause | Una pausa | Ara verin
        preferences.pause-sentence | You hear nothing for a while; then everything is as before. | No recibes nada durante un tiempo; después todo sigue como antes. | Bir süre hiçbir şey almazsınız; sonra her şey eskisi gibi olur.
        preferences.pause-days | For 1 day ~ For {n} days | Durante 1 día ~ Durante {n} días | {n} gün
        preferences.resume | End the pause | Terminar la pausa | Arayı bitir
        preferences.paused-until | You get nothing until | No recibes nada hasta | Şu zamana kadar bir şey almazsınız:
        preferences.stop-title | Nothing more | Nada más | Artık hiçbir şey
        preferences.stop-sentence | We send you no news and offers any more, by any way. | No te enviamos más novedades ni ofertas, por ningún medio. | Size hiçbir yolla haber ve fırsat göndermeyiz.
        preferences.stop | Stop everything | Parar todo | Hepsini durdur
        preferences.done-saved | Saved. | Guardado. | Kaydedildi.
        preferences.done-stopped | You get nothing more from us. | No recibes nada más de nosotros. | Bizden artık bir şey almazsınız.
        preferences.done-paused | Paused. | En pausa. | Ara verildi.
        preferences.done-resumed | The pause is over. | La pausa ha terminado. | Ara bitti.
        preferences.refused-title | This link cannot be read | No se puede leer este enlace | Bu bağlantı okunamıyor
        preferences.refused-sentence | It was changed on its way, or is no longer valid. Open it again from the message, or take a newer message. | Se modificó por el camino o ya no es válido. Ábrelo de nuevo desde el mensaje o usa un mensaje más reciente. | Yolda değişmiş ya da artık geçerli değil. Mesajdan yeniden açın ya da daha yeni bir mesaj kullanın.
        unsubscribe.title | Unsubscribe? | ¿Darte de baja? | Abonelikten çıkılsın mı?
        unsubscribe.sentence | You will not get messages of this kind any more. | Ya no recibirás mensajes de este tipo. | Bu tür mesajları artık almayacaksınız.
        unsubscribe.confirm | Unsubscribe | Darme de baja | Abonelikten çık
        unsubscribe.done-title | You are unsubscribed | Te has dado de baja | Abonelikten çıktınız
        unsubscribe.done-sentence | You get no more messages of this kind. | Ya no recibes mensajes de este tipo. | Bu tür mesajları artık almıyorsunuz.
        unsubscribe.preferences | Choose what you get instead | Elige mejor lo que recibes | Bunun yerine ne alacağınızı seçin
        section.consent | Consent | Consentimiento | Onay
        notice.consent-saved | Saved: the preference page shows it from now on. | Guardado: la página de preferencias lo muestra desde ahora. | Kaydedildi: tercih sayfası artık bunu gösterir.
        consent.settings-sentence | What you ask people's leave for, and how they are reached. The preference page shows it. | Para qué pides permiso y cómo se llega a las personas. La página de preferencias lo muestra. | Kişilerden ne için izin istediğiniz ve onlara nasıl ulaşıldığı. Tercih sayfası bunu gösterir.
        consent.purposes | Purposes | Finalidades | Amaçlar
        consent.purposes-help | One in each line: name, then its titles in English, Spanish and Turkish and the version of the words, with semicolons between. | Una en cada línea: nombre, sus títulos en inglés, español y turco y la versión del texto, separados por punto y coma. | Her satırda bir: ad, İngilizce, İspanyolca ve Türkçe başlıkları ve metnin sürümü; aralarında noktalı virgül.
        consent.channels | Channels | Canales | Kanallar
        consent.channels-help | Names with commas between, as email, sms. | Nombres separados por comas, como email, sms. | Virgülle ayrılmış adlar, örneğin email, sms.
        consent.topics | Topics | Temas | Konular
        consent.topics-help | One in each line: name, its purpose, then its titles in English, Spanish and Turkish, with semicolons between. | Uno en cada línea: nombre, su finalidad y sus títulos en inglés, español y turco, separados por punto y coma. | Her satırda bir: ad, amacı, sonra İngilizce, İspanyolca ve Türkçe başlıkları; aralarında noktalı virgül.
        suppressions.title | Suppressions | Supresiones | Engellemeler
        suppressions.sentence | Who is kept out after an erasure, and which addresses get no messages. Both lists hold hashes that name nobody, so look somebody up by name. | Quién queda fuera tras un borrado y qué direcciones no reciben mensajes. Ambas listas guardan hashes que no nombran a nadie: busca a cada persona por su nombre. | Silindikten sonra kimler dışarıda tutuluyor ve hangi adreslere ileti gitmiyor. İki liste de kimseyi adlandırmayan özetler tutar; birini adıyla arayın.
        suppressions.kind | Kind | Tipo | Tür
        suppressions.kind-email | Email address | Correo electrónico | E-posta adresi
        suppressions.kind-userId | userId | userId | userId
        suppressions.kind-externalId | Identifier of the rules | Identificador de las reglas | Kurallardaki kimlik
        suppressions.kind-anonymousId | anonymousId | anonymousId | anonymousId
        suppressions.kind-groupId | Account (groupId) | Cuenta (groupId) | Hesap (groupId)
        suppressions.value | Name | Nombre | Ad
        suppressions.value-help | Exactly as they were named; an identifier of the rules as loyaltyId:77. | Exactamente como se les nombró; un identificador de las reglas, como loyaltyId:77. | Tam olarak adlandırıldıkları gibi; kurallardaki kimlik loyaltyId:77 biçiminde.
        suppressions.look | Look up | Buscar | Ara
        suppressions.nobody | Say whom to look up. | Di a quién buscar. | Kimi arayacağınızı yazın.
        suppressions.data | Data | Datos | Veri
        suppressions.kept-out | Kept out: nothing that names them is taken | Fuera: no se acepta nada que les nombre | Dışarıda: adını taşıyan hiçbir şey alınmıyor
        suppressions.since | since | desde | başlangıç:
        suppressions.taken | Taken as anybody is | Se acepta como a cualquiera | Herkes gibi alınıyor
        suppressions.admit | Take them in again | Volver a aceptar | Yeniden al
        suppressions.messages | Messages to this address | Mensajes a esta dirección | Bu adrese iletiler
        suppressions.because-unsubscribed | None: they unsubscribed from everything | Ninguno: se dio de baja de todo | Yok: her şeyden çıktı
        suppressions.because-complained | None: they reported one as unwanted | Ninguno: lo marcó como no deseado | Yok: birini istenmeyen diye bildirdi
        suppressions.because-bounced | None: the address bounced | Ninguno: la dirección rebotó | Yok: adresten geri döndü
        suppressions.because-manual | None: suppressed by hand | Ninguno: suprimida a mano | Yok: elle engellendi
        suppressions.sent | They may go there, where consent says so | Pueden ir, si el consentimiento lo permite | Onay varsa gidebilir
        suppressions.send | Let messages go there again | Permitir mensajes de nuevo | İletilere yeniden izin ver
        suppressions.stop | Send nothing there | No enviar nada allí | Oraya hiçbir şey gönderme
        consent.panel | Consent | Consentimiento | Onay
        consent.panel-empty | They said nothing yet. Unknown is not yes. | Aún no han dicho nada. Lo desconocido no es un sí. | Henüz bir şey söylemediler. Bilinmeyen, evet değildir.
        consent.column-what | What | Qué | Ne
        consent.column-state | Said | Dijo | Söylenen
        consent.column-when | When | Cuándo | Ne zaman
        consent.column-source | How we know | Cómo lo sabemos | Nereden biliyoruz
        consent.state-granted | Yes | Sí | Evet
        consent.state-withdrawn | No | No | Hayır
        consent.state-unknown | No answer yet | Aún sin respuesta | Henüz yanıt yok
        consent.state-policy | Allowed unless they object | Permitido salvo que se oponga | İtiraz etmedikçe izinli
        consent.state-not-a-member | No member of it | No es miembro | Üyesi değil
        consent.column-answer | Answer now | Respuesta actual | Şu anki yanıt
        consent.column-since | Since | Desde | Başlangıç
        consent.history | What they said: 1 statement ~ What they said: {n} statements | Lo que dijo: 1 declaración ~ Lo que dijo: {n} declaraciones | Söyledikleri: {n} beyan
        consent.history-newest | The newest one is here; the API has all. ~ The newest {n} are here; the API has all. | Aquí está la más reciente; la API las tiene todas. ~ Aquí están las {n} más recientes; la API las tiene todas. | En yeni {n} tanesi burada; tümü API'de.
        consent.history-title | What they said | Lo que dijo | Söyledikleri
        consent.at-most | at most: | como mucho: | en çok:
        consent.state-paused | Pause | Pausa | Ara
        consent.everything | Every message | Todos los mensajes | Tüm mesajlar
        consent.link | Their preference page | Su página de preferencias | Tercih sayfası
        consent.source-event | Event | Evento | Olay
        consent.source-gpc | Browser signal | Señal del navegador | Tarayıcı sinyali
        consent.source-api | API | API | API
        consent.source-import | Import | Importación | İçe aktarma
        consent.source-person | Preference page | Página de preferencias | Tercih sayfası
        consent.source-one-click | One click | Un clic | Tek tık
        channel.email | E-mail | Correo electrónico | E-posta
        channel.sms | Text message | SMS | SMS
        channel.push | Push notification | Notificación push | Anlık bildirim
        channel.webhook | Webhook | Webhook | Webhook
        """#
}

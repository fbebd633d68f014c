extension Catalogue {
    /// How e-mail is sent, and the mail catcher.
    static let email = #"""
        section.email | E-mail sending | Envío de correo | E-posta gönderimi
        section.catcher | Mail catcher | Buzón de pruebas | E-posta yakalayıcı
        scope.channels:read | see how messages are sent, and caught mail | ver cómo se envían los mensajes y el correo capturado | mesajların nasıl gönderildiğini ve yakalanan e-postaları gör
        scope.channels:write | change how messages are sent, take in bounces | cambiar cómo se envían los mensajes y recibir rebotes | mesaj gönderimini değiştir, geri dönen e-postaları al
        email.sentence | Which server takes your mail, whom it comes from, and what DNS must say for it to be believed. | Qué servidor toma tu correo, de quién viene y qué debe decir el DNS para que se crea. | E-postanızı hangi sunucunun aldığı, kimden geldiği ve inanılması için DNS'in ne demesi gerektiği.
        email.set-up | Set up | Configurado | Kuruldu
        email.not-set-up | Not set up yet | Aún sin configurar | Henüz kurulmadı
        email.sender | Sender | Remitente | Gönderen
        email.fromName | Name | Nombre | Ad
        email.fromAddress | Address | Dirección | Adres
        email.fromAddress-help | Mail comes from here. | El correo viene de aquí. | E-posta buradan gelir.
        email.replyTo | Answers go to | Las respuestas van a | Yanıtlar şuraya gider
        email.replyTo-help | The sender's address, if you leave it empty. | La dirección del remitente si lo dejas vacío. | Boş bırakırsanız gönderenin adresi.
        email.bounceAddress | Bounces come back to | Los rebotes vuelven a | Geri dönenler şuraya gelir
        email.bounceAddress-help | A short address of yours; each message adds + and its own mark. | Una dirección corta tuya; cada mensaje añade + y su propia marca. | Kısa bir adresiniz; her mesaj + ve kendi işaretini ekler.
        email.postalAddress | Postal address | Dirección postal | Posta adresi
        email.postalAddress-help | Stands under every mail, as many laws have it. | Figura bajo cada correo, como exigen muchas leyes. | Birçok yasanın istediği gibi her e-postanın altında durur.
        email.server | Server | Servidor | Sunucu
        email.host | Host | Servidor | Sunucu adı
        email.host-help | Write catcher to try things out with the mail catcher. | Escribe catcher para probar con el buzón de pruebas. | E-posta yakalayıcıyla denemek için catcher yazın.
        email.port | Port | Puerto | Kapı
        email.port-help | 587 for STARTTLS, 465 for TLS. | 587 para STARTTLS, 465 para TLS. | STARTTLS için 587, TLS için 465.
        email.security | Security | Seguridad | Güvenlik
        email.security-starttls | STARTTLS | STARTTLS | STARTTLS
        email.security-tls | TLS from the first byte | TLS desde el primer byte | İlk bayttan TLS
        email.security-opportunistic | STARTTLS if it is offered | STARTTLS si se ofrece | Sunulursa STARTTLS
        email.security-none | None, for a server on this machine | Ninguna, para un servidor en esta máquina | Yok, bu makinedeki sunucu için
        email.user | User | Usuario | Kullanıcı
        email.password | Password | Contraseña | Parola
        email.password-help | Kept secret: nobody sees it again. | Se guarda en secreto: nadie vuelve a verla. | Gizli tutulur: kimse bir daha görmez.
        email.password-kept | There is one. Leave this empty to keep it. | Ya hay una. Deja esto vacío para conservarla. | Bir parola var. Korumak için boş bırakın.
        email.more | More | Más | Daha fazla
        email.dkimDomain | Domain that signs (DKIM) | Dominio que firma (DKIM) | İmzalayan alan adı (DKIM)
        email.dkimDomain-help | The sender's domain, if you leave it empty. | El dominio del remitente si lo dejas vacío. | Boş bırakırsanız gönderenin alan adı.
        email.connections | Connections | Conexiones | Bağlantı
        email.connections-help | How many at once; some servers want few. | Cuántas a la vez; algunos servidores quieren pocas. | Aynı anda kaç tane; bazı sunucular az ister.
        email.softBounceMaximum | Soft bounces in a row | Rebotes blandos seguidos | Art arda yumuşak geri dönüş
        email.softBounceMaximum-help | After so many, an address rests. | Después de tantos, la dirección descansa. | Bu kadarından sonra adres dinlenir.
        email.restHours | Hours of rest | Horas de descanso | Dinlenme saati
        email.restHours-help | Then it is tried again. | Después se intenta de nuevo. | Sonra yeniden denenir.
        email.complaintsPerMille | Complaints in a thousand mails | Quejas por cada mil correos | Bin postada şikâyet
        email.complaintsPerMille-help | More within seven days hold back what needs consent; 0 for never. | Más en siete días retienen lo que requiere consentimiento; 0 para nunca. | Yedi günde daha fazlası onay gerektireni durdurur; hiç için 0.
        email.warmUpFrom | Warm up from | Calentar desde | Isınma başlangıcı
        email.warmUpFrom-help | The first day of a new sender, by UTC; leave it empty for none. | El primer día de un remitente nuevo, en UTC; vacío para ninguno. | Yeni gönderenin ilk günü, UTC; yoksa boş bırakın.
        email.warmUpFirst | Mails on that day | Correos ese día | O günkü posta
        email.warmUpFirst-help | Each day after it half as many again; receipts and the like are not counted. | Cada día siguiente la mitad más; los recibos y similares no cuentan. | Sonraki her gün yarısı kadar daha; makbuz gibi postalar sayılmaz.
        email.warming | The sender warms up: {begun} of {allowed} mails of this day have gone; what is more waits for the next day. | El remitente se calienta: han salido {begun} de {allowed} correos de este día; lo demás espera al siguiente. | Gönderen ısınıyor: bugünün {allowed} postasından {begun} tanesi gitti; fazlası yarını bekler.
        email.held | {complaints} people called mail spam, of {sent} mails within seven days: mail that needs consent waits since | {complaints} personas marcaron correo como spam, de {sent} correos en siete días: el correo que requiere consentimiento espera desde | Yedi gündeki {sent} postadan {complaints} tanesi istenmeyen sayıldı: onay gerektiren postanın beklediği zaman:
        email.held-help | Look at what was sent and to whom before you let it go again; receipts and the like go on. | Mira qué se envió y a quién antes de dejarlo salir de nuevo; los recibos y similares siguen saliendo. | Yeniden göndermeden önce neyin kime gönderildiğine bakın; makbuz gibi postalar sürer.
        email.release | Let mail go again | Dejar salir el correo | Postayı serbest bırak
        notice.email-released | Mail goes again. | El correo vuelve a salir. | Posta yeniden gidiyor.
        email.authority | Trusted certificates | Certificados de confianza | Güvenilen sertifikalar
        email.authority-help | In PEM, beside those of the system: for a server with a certificate of your own. | En PEM, además de los del sistema: para un servidor con certificado propio. | PEM olarak, sisteminkilerin yanında: kendi sertifikanızı kullanan sunucu için.
        email.tracking | What mails tell | Lo que cuentan los correos | E-postaların bildirdikleri
        email.signs | Mail is signed here; leave it out where the server that takes mail signs it | El correo se firma aquí; quítelo si ya lo firma el servidor que lo recibe | Postalar burada imzalanır; postayı alan sunucu imzalıyorsa kapatın
        email.tracksOpens | Whether they are opened | Si se abren | Açılıp açılmadıkları
        email.tracksClicks | Which links are followed | Qué enlaces se siguen | Hangi bağlantıların izlendiği
        email.tracking-help | Never of people who object to analytics. Machines that open and click are told apart. | Nunca de quienes se oponen a la analítica. Se distinguen las máquinas que abren y hacen clic. | Analize itiraz edenlerden asla. Açan ve tıklayan makineler ayırt edilir.
        email.test | Try it | Pruébalo | Deneyin
        email.test-to | Send a test mail to | Enviar un correo de prueba a | Deneme e-postası gönder
        email.test-help | It goes out at once, whatever anybody consented to. | Sale enseguida, sea cual sea el consentimiento. | Kimin neye izin verdiğine bakmadan hemen gider.
        email.test-send | Send a test mail | Enviar correo de prueba | Deneme e-postası gönder
        email.test-accepted | The server took it over. | El servidor lo ha aceptado. | Sunucu teslim aldı.
        email.test-failed | It was not taken over: | No fue aceptado: | Teslim alınmadı:
        email.dns | DNS records | Registros DNS | DNS kayıtları
        email.dns-sentence | Set these where your domain is managed; mailbox providers look them up. | Ponlos donde se administra tu dominio; los proveedores de buzones los consultan. | Bunları alan adınızın yönetildiği yere girin; posta sağlayıcıları bakar.
        email.dns-name | Name | Nombre | Ad
        email.dns-value | Value | Valor | Değer
        email.dns-there | What stands there instead | Lo que hay en su lugar | Yerinde duran
        email.check | Look up now | Consultar ahora | Şimdi sorgula
        email.checked | Looked up | Consultado | Sorgulandı:
        email.not-checked | Not looked up yet. | Aún sin consultar. | Henüz sorgulanmadı.
        email.check-stale | Settings or keys have changed since it was looked up. | Los ajustes o las claves han cambiado desde la consulta. | Sorgulamadan sonra ayarlar ya da anahtarlar değişti.
        email.not-aligned | Neither the domain that signs nor the one of the bounce address belongs to the sender's: DMARC fails whatever stands in DNS. Let the sender's domain sign, or take bounces under it. | Ni el dominio que firma ni el de los rebotes pertenece al del remitente: DMARC falla diga lo que diga el DNS. Firma con el dominio del remitente o recibe los rebotes bajo él. | Ne imzalayan alan adı ne de geri dönüş adresininki gönderenin alan adına ait: DNS ne derse desin DMARC geçmez. Gönderenin alan adıyla imzalayın ya da geri dönenleri onun altında alın.
        email.state-found | Found | Encontrado | Bulundu
        email.state-missing | Missing | Falta | Eksik
        email.state-differs | Differs | No coincide | Farklı
        email.state-unknown | Could not be looked up | No se pudo consultar | Sorgulanamadı
        email.withoutRecords | Let campaigns to 5,000 people or more start although DNS records are missing | Permitir campañas a 5000 personas o más aunque falten registros DNS | DNS kayıtları eksik olsa da 5.000 ve daha çok kişiye kampanya başlatılabilsin
        email.dns-spf | SPF: who may send | SPF: quién puede enviar | SPF: kim gönderebilir
        email.dns-spf-help | If there is such a record already, put the new part into it: there must be only one. | Si ya existe, añade la parte nueva: solo debe haber uno. | Zaten varsa yeni kısmı ona ekleyin: yalnızca bir tane olmalı.
        email.dns-dkim | DKIM: the key of the signature | DKIM: la clave de la firma | DKIM: imzanın anahtarı
        email.dns-dkim-help | Every mail is signed with it. | Cada correo se firma con ella. | Her e-posta bununla imzalanır.
        email.dns-dmarc | DMARC: what to do with mail that fails both | DMARC: qué hacer con lo que falla ambos | DMARC: ikisini de geçemeyen e-posta ne olsun
        email.dns-dmarc-help | Begin with p=none and read the reports; go on to quarantine later. | Empieza con p=none y lee los informes; pasa luego a quarantine. | p=none ile başlayıp raporları okuyun; sonra quarantine'e geçin.
        email.dns-bounce | MX: where bounces arrive | MX: adónde llegan los rebotes | MX: geri dönenlerin geldiği yer
        email.dns-bounce-help | The server that takes mail for the bounce address and hands it to Martlet. | El servidor que recibe el correo de rebotes y lo entrega a Martlet. | Geri dönüş adresinin e-postasını alıp Martlet'e veren sunucu.
        email.keys | New keys | Claves nuevas | Yeni anahtarlar
        email.keys-title | Make new DKIM keys? | ¿Crear claves DKIM nuevas? | Yeni DKIM anahtarları yapılsın mı?
        email.keys-new | Mail is signed with the new keys from now on: set the new records first thing. | Desde ahora se firma con las nuevas: pon los registros nuevos enseguida. | Bundan sonra yenileriyle imzalanır: yeni kayıtları hemen girin.
        email.keys-old | Leave the old records for two weeks, for mail that is on its way. | Deja los antiguos dos semanas, por el correo en camino. | Yoldaki e-postalar için eskileri iki hafta bırakın.
        email.bounces | What comes back | Lo que vuelve | Geri dönenler
        email.bounces-sentence | A bounce that says there is no such mailbox suppresses the address at once; softer ones are counted. A complaint suppresses it too. | Un rebote que dice que no existe el buzón suprime la dirección enseguida; los blandos se cuentan. Una queja también la suprime. | Kutunun olmadığını söyleyen geri dönüş adresi hemen engeller; yumuşaklar sayılır. Şikâyet de engeller.
        email.bounces-post | Post reports here; the address is a secret | Envía los informes aquí; la dirección es secreta | Raporları buraya gönderin; adres gizlidir
        email.bounces-pipe | Or pipe them in from your mail server | O pásalos desde tu servidor de correo | Ya da posta sunucunuzdan aktarın
        notice.email-saved | E-mail sending is set up. | El envío de correo está configurado. | E-posta gönderimi kuruldu.
        notice.email-keys | New keys are made: set the new DNS records now. | Hay claves nuevas: pon ahora los registros DNS nuevos. | Yeni anahtarlar hazır: yeni DNS kayıtlarını şimdi girin.
        notice.email-checked | DNS was looked up. | Se consultó el DNS. | DNS sorgulandı.
        notice.catcher-cleared | The caught mails are gone. | Los correos capturados se han ido. | Yakalanan e-postalar silindi.
        catcher.sentence | Mail that Martlet would have sent, caught on this machine and kept until it stops. | Correo que Martlet habría enviado, capturado en esta máquina y guardado hasta que se detenga. | Martlet'in göndereceği, bu makinede yakalanan ve durana kadar tutulan e-postalar.
        catcher.listens | Listens on port {port} | Escucha en el puerto {port} | {port} kapısını dinliyor
        catcher.off | Off | Apagado | Kapalı
        catcher.clear | Clear | Vaciar | Temizle
        catcher.empty-title | No mail yet | Aún no hay correo | Henüz e-posta yok
        catcher.empty-text | Mail appears here as soon as something sends it: set the server to catcher and send a test mail. | El correo aparece aquí en cuanto algo lo envía: pon catcher como servidor y envía un correo de prueba. | Bir şey gönderdiğinde e-posta burada görünür: sunucuyu catcher yapıp bir deneme e-postası gönderin.
        catcher.off-text | Start Martlet with --mail-catcher 2525, or with --demo, and point your sender at it. | Inicia Martlet con --mail-catcher 2525, o con --demo, y apunta tu remitente a él. | Martlet'i --mail-catcher 2525 ya da --demo ile başlatıp göndereni ona yöneltin.
        catcher.missing-title | A mail that you wait for is not here? | ¿No está el correo que esperas? | Beklediğiniz e-posta burada değil mi?
        catcher.missing-text | Deliveries says what became of each message. These journeys also hold some people out, to measure what they achieve: they get nothing, and their own page says so under Journeys. | Entregas dice qué fue de cada mensaje. Además, estos recorridos apartan a algunas personas para medir qué logran: no reciben nada, y su propia página lo dice en Recorridos. | Gönderiler her mesajın akıbetini söyler. Bu yolculuklar, ne sağladıklarını ölçmek için bazı kişileri ayrı tutar: onlar bir şey almaz; kendi sayfaları bunu Yolculuklar altında söyler.
        catcher.holds-out | holds {share} of people out | aparta al {share} de las personas | kişilerin {share} kadarını ayrı tutar
        catcher.subject | Subject | Asunto | Konu
        catcher.to | To | Para | Kime
        catcher.at | Caught | Capturado | Yakalandı
        catcher.no-subject | (no subject) | (sin asunto) | (konu yok)
        catcher.headers | Headers | Cabeceras | Başlıklar
        catcher.raw | As it came | Tal como llegó | Geldiği gibi
        """#
}

extension Catalogue {
    /// All tables; a new one is added here.
    static let tables = [shell, doors, home, data, people, review, accounts, segments, computed, lists, identity, consent, journeys, journeyWhy, canvas, campaigns, templates, deliveries, email, refusals, settings]

    /// The shell, what every page shares, times, errors.
    static let shell = #"""
        section.home | Home | Inicio | Ana sayfa
        section.sources | Sources | Fuentes | Kaynaklar
        section.live | Live | En vivo | Canlı
        section.imports | Imports | Importaciones | İçe aktarma
        section.quarantine | Quarantine | Cuarentena | Karantina
        section.profiles | Profiles | Perfiles | Profiller
        section.review | Identity review | Revisión de identidad | Kimlik incelemesi
        section.segments | Segments | Segmentos | Segmentler
        section.computed | Computed traits | Atributos calculados | Hesaplanan özellikler
        section.tokens | API tokens | Tokens de API | API jetonları
        section.session | Password and sessions | Contraseña y sesiones | Parola ve oturumlar
        group.data | Data | Datos | Veri
        group.people | People | Personas | Kişiler
        group.settings | Settings | Ajustes | Ayarlar
        shell.skip | Skip to content | Ir al contenido | İçeriğe geç
        shell.menu | Open the menu | Abrir el menú | Menüyü aç
        shell.places | Places | Secciones | Bölümler
        shell.workspace | Workspace | Espacio de trabajo | Çalışma alanı
        shell.search | Search | Buscar | Ara
        shell.search-hint | Search | Buscar | Ara
        shell.preferences | Preferences | Preferencias | Tercihler
        shell.language | Language | Idioma | Dil
        shell.theme | Theme | Tema | Tema
        shell.sign-out | Sign out | Cerrar sesión | Oturumu kapat
        shell.close | Close | Cerrar | Kapat
        theme.system | System | Sistema | Sistem
        theme.light | Light | Claro | Açık
        theme.dark | Dark | Oscuro | Koyu
        help.title | Keyboard | Teclado | Klavye
        help.search | Search | Buscar | Ara
        help.help | Show these keys | Mostrar estas teclas | Bu tuşları göster
        help.close | Close what is open | Cerrar lo que está abierto | Açık olanı kapat
        help.keys-on | Single-letter keys work | Usar teclas de una sola letra | Tek harfli tuşlar çalışsın
        search.title | Search | Buscar | Arama
        search.sentence | {n} found for {query} | {n} resultados para {query} | {query} için {n} sonuç
        search.more | More than {n} found for {query}; these are the first | Más de {n} resultados para {query}; estos son los primeros | {query} için {n} üzerinde sonuç; bunlar ilkleri
        search.none-title | Nothing found | No se encontró nada | Sonuç yok
        search.none-text | Search finds names, email addresses, user ids, segments, journeys, templates, sources and the places of this console. Check the spelling, or look through all profiles. | La búsqueda encuentra nombres, correos, ids de usuario, segmentos, recorridos, plantillas, fuentes y las secciones de esta consola. Revisa la ortografía o mira todos los perfiles. | Arama; adları, e-posta adreslerini, kullanıcı kimliklerini, segmentleri, yolculukları, şablonları, kaynakları ve bu konsolun bölümlerini bulur. Yazımı kontrol edin ya da tüm profillere bakın.
        action.all | See all | Ver todo | Tümünü gör
        action.cancel | Cancel | Cancelar | Vazgeç
        action.copy | Copy | Copiar | Kopyala
        action.copied | Copied | Copiado | Kopyalandı
        action.delete | Delete | Eliminar | Sil
        action.keep | Keep everything | Conservar todo | Olduğu gibi bırak
        action.save | Save | Guardar | Kaydet
        confirm.type | Type {name} to confirm | Escribe {name} para confirmar | Onaylamak için {name} yazın
        confirm.title | Exactly the name above | Exactamente el nombre de arriba | Yukarıdaki adın aynısı
        list.pages | Pages | Páginas | Sayfalar
        list.next | Next page | Página siguiente | Sonraki sayfa
        filter.any | Any | Cualquiera | Hepsi
        filter.apply | Filter | Filtrar | Filtrele
        filter.clear | Clear filter | Quitar filtro | Filtreyi temizle
        filter.find | Find | Buscar | Bul
        filter.source | Source | Fuente | Kaynak
        filter.text | Text | Texto | Metin
        filter.type | Type | Tipo | Tür
        filter.verdict | Verdict | Veredicto | Sonuç
        api.title | As API | Como API | API olarak
        api.sentence | The same answer for a program. | La misma respuesta para un programa. | Bir program için aynı yanıt.
        api.token-hint | Make a token under {link} and put it in MARTLET_TOKEN. | Crea un token en {link} y ponlo en MARTLET_TOKEN. | {link} bölümünde bir jeton oluşturup MARTLET_TOKEN değişkenine koyun.
        column.actions | Actions | Acciones | İşlemler
        column.becomes | Becomes | Se convierte en | Karşılığı
        column.called | Called | Con el nombre | Adı
        column.column | Column | Columna | Sütun
        column.day | Day | Día | Gün
        column.saved | Saved | Guardado | Kaydedildi
        column.sentence | Who is in it | Quién está | Kimler var
        column.size | People now | Personas ahora | Şu anki kişi
        column.created | Created | Creado | Oluşturuldu
        column.event | Event | Evento | Olay
        column.events | Events | Eventos | Olaylar
        column.events-24h | Events, 24 hours | Eventos, 24 horas | Olaylar, 24 saat
        column.file | File | Archivo | Dosya
        column.first-seen | First seen | Primera vez | İlk görülme
        column.identifier | Identifier | Identificador | Tanımlayıcı
        column.identifiers | Identifiers | Identificadores | Tanımlayıcılar
        column.last-event | Last event | Último evento | Son olay
        column.last-seen | Last seen | Última vez | Son görülme
        column.last-used | Last used | Último uso | Son kullanım
        column.line | Line | Línea | Satır
        column.minute | Minute | Minuto | Dakika
        column.name | Name | Nombre | Ad
        column.person | Person | Persona | Kişi
        column.waiting | Waiting in quarantine | Esperan en cuarentena | Karantinada bekleyen
        column.reason | Reason | Motivo | Neden
        column.samples | Samples | Ejemplos | Örnekler
        column.scopes | Scopes | Permisos | Yetkiler
        column.source | Source | Fuente | Kaynak
        column.started | Started | Iniciado | Başlangıç
        column.status | Status | Estado | Durum
        column.summary | Summary | Resumen | Özet
        column.time | Time | Hora | Saat
        column.verdict | Verdict | Veredicto | Sonuç
        time.now | just now | ahora mismo | şimdi
        time.seconds | {n} s ago | hace {n} s | {n} sn önce
        time.minutes | {n} min ago | hace {n} min | {n} dk. önce
        time.hours | {n} hr ago | hace {n} h | {n} sa. önce
        time.days | 1 day ago ~ {n} days ago | hace 1 día ~ hace {n} días | {n} gün önce
        time.in-seconds | in {n} s | dentro de {n} s | {n} sn sonra
        time.in-minutes | in {n} min | dentro de {n} min | {n} dk. sonra
        time.in-hours | in {n} hr | dentro de {n} h | {n} sa. sonra
        time.in-days | in 1 day ~ in {n} days | dentro de 1 día ~ dentro de {n} días | {n} gün sonra
        time.today | Today | Hoy | Bugün
        time.yesterday | Yesterday | Ayer | Dün
        time.months | Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec | ene feb mar abr may jun jul ago sept oct nov dic | Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara
        error.back | Go back | Volver | Geri dön
        error.home | Go to Home | Ir a Inicio | Ana sayfaya git
        error.reference | Reference | Referencia | Referans
        error.not-found | There is nothing here | Aquí no hay nada | Burada bir şey yok
        error.not-found-text | The address may be mistyped, or what was here was deleted. Search finds people and sources by any name. | La dirección puede estar mal escrita, o lo que había aquí se eliminó. La búsqueda encuentra personas y fuentes por cualquier nombre. | Adres yanlış yazılmış ya da buradaki öğe silinmiş olabilir. Arama, kişileri ve kaynakları herhangi bir adla bulur.
        error.form-expired | This form is too old | Este formulario ha caducado | Bu formun süresi doldu
        error.form-expired-text | Nothing was changed. The page was open longer than your session; go back, load it again, and send it once more. | No se cambió nada. La página estuvo abierta más tiempo que tu sesión; vuelve, cárgala de nuevo y envíalo otra vez. | Hiçbir şey değişmedi. Sayfa, oturumunuzdan uzun süre açık kaldı; geri dönün, sayfayı yenileyin ve tekrar gönderin.
        error.not-allowed | You may not open this | No tienes permiso para abrir esto | Bunu açma yetkiniz yok
        error.not-allowed-text | Your role does not include this page. Ask whoever manages this workspace. | Tu rol no incluye esta página. Pídeselo a quien administra este espacio de trabajo. | Rolünüz bu sayfayı kapsamıyor. Bu çalışma alanını yöneten kişiye danışın.
        error.unavailable | Martlet cannot answer right now | Martlet no puede responder ahora mismo | Martlet şu anda yanıt veremiyor
        error.unavailable-text | It is starting or short of disk. Events are kept by their senders and sent again. Try again in a minute; `martlet doctor` says more. | Está arrancando o le falta disco. Los emisores guardan los eventos y los envían de nuevo. Inténtalo dentro de un minuto; `martlet doctor` dice más. | Başlıyor ya da diski yetersiz. Olaylar gönderenlerde saklanır ve yeniden gönderilir. Bir dakika sonra tekrar deneyin; ayrıntılar için `martlet doctor`.
        error.broken | Something broke on our side | Algo falló por nuestra parte | Bizim tarafımızda bir sorun oldu
        error.broken-text | The page could not be made; no data was lost. Try again, and if it repeats, look for the reference in the server's log. | No se pudo crear la página; no se perdió ningún dato. Inténtalo de nuevo y, si se repite, busca la referencia en el registro del servidor. | Sayfa oluşturulamadı; veri kaybı yok. Tekrar deneyin; sürerse sunucu günlüğünde bu referansı arayın.
        error.needs-tls | The console needs an encrypted connection | La consola necesita una conexión cifrada | Konsol şifreli bağlantı ister
        error.needs-tls-text | From other machines it is served over TLS only, so that nobody on the way reads it. Start Martlet with a certificate and its key, or open the console on the machine where it runs. | Desde otros equipos solo se ofrece por TLS, para que nadie la lea por el camino. Inicia Martlet con un certificado y su clave, o abre la consola en el equipo donde se ejecuta. | Başka makinelerden yalnızca TLS ile sunulur; böylece yolda kimse okuyamaz. Martlet'i bir sertifika ve anahtarıyla başlatın ya da konsolu çalıştığı makinede açın.
        error.wrong-host | The console does not answer to this name | La consola no responde a este nombre | Konsol bu adla yanıt vermez
        error.wrong-host-text | Without TLS it answers to localhost and 127.0.0.1 only, so that no other site can reach it through your browser. Open it under one of these names, or start Martlet with --tls-certificate and --tls-key. | Sin TLS solo responde a localhost y 127.0.0.1, para que ningún otro sitio llegue a ella a través de tu navegador. Ábrela con uno de esos nombres, o inicia Martlet con --tls-certificate y --tls-key. | TLS olmadan yalnızca localhost ve 127.0.0.1 adlarına yanıt verir; böylece başka bir site tarayıcınız üzerinden ona ulaşamaz. Bu adlardan biriyle açın ya da Martlet'i --tls-certificate ve --tls-key ile başlatın.
        notice.source-created | The source is ready. Copy a snippet to send its first event. | La fuente está lista. Copia un fragmento para enviar su primer evento. | Kaynak hazır. İlk olayı göndermek için bir kod parçası kopyalayın.
        notice.source-renamed | The source has its new name. | La fuente tiene su nuevo nombre. | Kaynağın adı değişti.
        notice.source-rotated | The write key is new. Replace the old one wherever it is used. | La clave de escritura es nueva. Sustituye la antigua donde se use. | Yazma anahtarı yenilendi. Eskisini kullanıldığı her yerde değiştirin.
        notice.source-disabled | The source is disabled; its events are refused. | La fuente está desactivada; sus eventos se rechazan. | Kaynak devre dışı; olayları reddedilir.
        notice.source-enabled | The source is enabled and accepts events. | La fuente está activada y acepta eventos. | Kaynak etkin ve olay kabul ediyor.
        notice.replayed | The event was accepted. | El evento fue aceptado. | Olay kabul edildi.
        notice.quarantine-deleted | The refused event was deleted. | Se eliminó el evento rechazado. | Reddedilen olay silindi.
        notice.import-started | The import has started. | La importación ha comenzado. | İçe aktarma başladı.
        notice.import-cancelled | The import was cancelled; what was accepted stays. | La importación se canceló; lo aceptado se conserva. | İçe aktarma iptal edildi; kabul edilenler kalır.
        notice.token-revoked | The token was revoked and works no more. | El token se revocó y ya no funciona. | Jeton iptal edildi, artık çalışmaz.
        notice.password-changed | The password was changed. | La contraseña se cambió. | Parola değiştirildi.
        notice.sessions-ended | All other sessions were ended. | Se cerraron todas las demás sesiones. | Diğer tüm oturumlar kapatıldı.
        notice.person-erased | The person was erased. | La persona se borró. | Kişi silindi.
        notice.segment-created | The segment is saved; its members are live. | El segmento está guardado; sus miembros se actualizan en vivo. | Segment kaydedildi; üyeleri canlı izleniyor.
        notice.segment-saved | The segment was changed; its members follow at once. | El segmento se cambió; sus miembros se actualizan al momento. | Segment değişti; üyeleri hemen güncellenir.
        notice.segment-deleted | The segment was deleted. | El segmento se eliminó. | Segment silindi.
        shell.filling | The demo shop is moving in: {percent} of its history is here. Its segments, mails and journeys come last, in two or three minutes; load the page again then. | La tienda de demostración se está instalando: ya está el {percent} de su historia. Sus segmentos, correos y recorridos llegan al final, en dos o tres minutos; recarga la página entonces. | Deneme mağazası taşınıyor: geçmişinin {percent} kadarı burada. Segmentleri, e-postaları ve yolculukları en son, iki üç dakika içinde gelir; o zaman sayfayı yeniden yükleyin.
        draft.kept | What you wrote here and did not save stands here again. | Lo que escribiste aquí y no guardaste vuelve a estar aquí. | Burada yazıp kaydetmedikleriniz yeniden burada.
        draft.discard | Discard it | Descartarlo | Vazgeç
        edition.stale | Version {version} was saved meanwhile, in another window or by somebody else. | Mientras tanto se guardó la versión {version}, en otra ventana o por otra persona. | Bu sırada başka bir pencerede ya da başka biri tarafından {version}. sürüm kaydedildi.
        edition.stale-remedy | Nothing is lost: what you wrote stands here. Save once more to replace that version, which stays among the older ones, or open it anew to see it. | No se perdió nada: lo que escribiste sigue aquí. Guarda otra vez para reemplazar esa versión, que queda entre las anteriores, o ábrela de nuevo para verla. | Hiçbir şey kaybolmadı: yazdıklarınız burada duruyor. O sürümün yerine geçirmek için bir kez daha kaydedin; o, eski sürümler arasında kalır. Görmek için sayfayı yeniden açın.
        notice.used-by-journeys | Nothing was deleted: journeys that are live or paused rest on it. Stop them first. | No se eliminó nada: hay recorridos activos o en pausa que dependen de ello. Detenlos primero. | Hiçbir şey silinmedi: etkin ya da duraklatılmış yolculuklar buna dayanıyor. Önce onları durdurun.
        notice.segment-in-use | Nothing was deleted: other segments name this one. Change or delete those first. | No se eliminó nada: otros segmentos nombran a este. Cambia o elimina esos primero. | Hiçbir şey silinmedi: başka segmentler bunu kullanıyor. Önce onları değiştirin ya da silin.
        notice.computed-created | The computed trait is saved; every profile shows it. | El atributo calculado está guardado; todos los perfiles lo muestran. | Hesaplanan özellik kaydedildi; her profil onu gösterir.
        notice.computed-saved | The computed trait was changed. | El atributo calculado se cambió. | Hesaplanan özellik değiştirildi.
        notice.computed-deleted | The computed trait was deleted. | El atributo calculado se eliminó. | Hesaplanan özellik silindi.
        notice.computed-in-use | Nothing was deleted: segments ask for this computed trait. Change or delete those first. | No se eliminó nada: hay segmentos que usan este atributo calculado. Cambia o elimina esos primero. | Hiçbir şey silinmedi: segmentler bu hesaplanan özelliği kullanıyor. Önce onları değiştirin ya da silin.
        notice.name-differs | Nothing was changed: the name that was typed is a different one. | No se cambió nada: el nombre escrito es otro. | Hiçbir şey değişmedi: yazılan ad farklı.
        """#
}

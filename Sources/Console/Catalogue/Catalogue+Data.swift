extension Catalogue {
    /// Sources, snippets, Live, quarantine, imports.
    static let data = #"""
        sources.sentence | Where events come from. Each source has its own write key. | De dónde vienen los eventos. Cada fuente tiene su propia clave de escritura. | Olayların geldiği yerler. Her kaynağın kendi yazma anahtarı vardır.
        sources.open | Open Sources | Abrir Fuentes | Kaynakları aç
        sources.empty-title | No sources yet | Aún no hay fuentes | Henüz kaynak yok
        sources.empty-text | Name the first one below; it gets a write key and snippets that are ready to copy. | Ponle nombre a la primera abajo; recibe una clave de escritura y fragmentos listos para copiar. | Aşağıda ilkine bir ad verin; bir yazma anahtarı ve kopyalanmaya hazır kod parçaları alır.
        sources.new | New source | Fuente nueva | Yeni kaynak
        sources.create | Create source | Crear fuente | Kaynak oluştur
        sources.name-help | After the place that sends: website, app, shop till. | Según el lugar que envía: web, app, caja de la tienda. | Gönderen yere göre: web sitesi, uygulama, mağaza kasası.
        sources.name-hint | Website | Sitio web | Web sitesi
        sources.counted-since | Counted since Martlet started, {time}. | Contado desde que Martlet arrancó, {time}. | Martlet başladığından beri sayıldı, {time}.
        sources.name-missing | Give it a name, so that people can tell where an event came from. | Ponle un nombre para que se sepa de dónde vino un evento. | Bir olayın nereden geldiği anlaşılsın diye bir ad verin.
        sources.name-taken | Another source has this name. Choose a different one. | Otra fuente tiene este nombre. Elige uno distinto. | Bu adda başka bir kaynak var. Farklı bir ad seçin.
        sources.name-long | This name is too long: use {n} characters or fewer. | El nombre es demasiado largo: usa {n} caracteres o menos. | Ad çok uzun: en fazla {n} karakter kullanın.
        source.sentence | Sends events under the write key below. | Envía eventos con la clave de escritura de abajo. | Aşağıdaki yazma anahtarıyla olay gönderir.
        source.key | Write key | Clave de escritura | Yazma anahtarı
        source.key-help | It can only send events, never read them, so it may stand in a web page. | Solo puede enviar eventos, nunca leerlos, así que puede estar en una página web. | Yalnızca olay gönderebilir, okuyamaz; bu yüzden bir web sayfasında durabilir.
        source.reveal | Show the key | Mostrar la clave | Anahtarı göster
        source.hide | Hide the key | Ocultar la clave | Anahtarı gizle
        source.send | Send events | Enviar eventos | Olay gönderin
        source.rename | Rename | Cambiar el nombre | Adını değiştir
        source.disable | Disable | Desactivar | Devre dışı bırak
        source.enable | Enable | Activar | Etkinleştir
        source.disabled | Disabled | Desactivada | Devre dışı
        source.disabled-note | This source is disabled: what is sent with its key is refused and not kept. Enable it to accept events again. | Esta fuente está desactivada: lo que se envía con su clave se rechaza y no se guarda. Actívala para volver a aceptar eventos. | Bu kaynak devre dışı: anahtarıyla gönderilenler reddedilir ve saklanmaz. Yeniden olay kabul etmek için etkinleştirin.
        source.receiving | Receiving | Recibiendo | Alıyor
        source.silent | Silent since {date} | En silencio desde el {date} | {date} tarihinden beri sessiz
        source.waiting | Waiting for its first event | Esperando su primer evento | İlk olayını bekliyor
        source.no-events | no events yet | aún sin eventos | henüz olay yok
        disable.title | Disable {name}? | ¿Desactivar {name}? | {name} devre dışı bırakılsın mı?
        disable.refused | Everything sent with its key is refused from this moment on. | Todo lo que se envíe con su clave se rechaza desde este momento. | Anahtarıyla gönderilen her şey bu andan itibaren reddedilir.
        disable.lost | What is refused is not kept here: it is lost unless the sender keeps it and sends it again. | Lo rechazado no se guarda aquí: se pierde, salvo que quien lo envía lo conserve y lo reenvíe. | Reddedilenler burada saklanmaz: gönderen saklayıp yeniden göndermezse kaybolur.
        disable.kept | The events it sent before stay as they are, and it can be enabled again. | Los eventos que envió antes quedan como están, y se puede volver a activar. | Daha önce gönderdiği olaylar olduğu gibi kalır ve yeniden etkinleştirilebilir.
        disable.submit | Disable the source | Desactivar la fuente | Kaynağı devre dışı bırak
        rotate.title | Rotate the write key of {name}? | ¿Rotar la clave de escritura de {name}? | {name} kaynağının yazma anahtarı yenilensin mi?
        rotate.button | Rotate key | Rotar clave | Anahtarı yenile
        rotate.submit | Rotate the key | Rotar la clave | Anahtarı yenile
        rotate.stops | The present key stops working at once, unless you give it time; what is sent with it then is refused. | La clave actual deja de funcionar al instante, salvo que le des tiempo; lo que se envíe después con ella se rechaza. | Süre tanımazsanız şimdiki anahtar hemen geçersiz olur; sonra onunla gönderilenler reddedilir.
        rotate.old-key | The present key | La clave actual | Şimdiki anahtar
        rotate.old-stops | Stops at once | Deja de funcionar al instante | Hemen geçersiz olsun
        rotate.old-day | Is taken for a day more | Se acepta un día más | Bir gün daha geçerli kalsın
        rotate.old-week | Is taken for a week more | Se acepta una semana más | Bir hafta daha geçerli kalsın
        source.old-key | A key before this one is taken until {time}. | Una clave anterior se acepta hasta {time}. | Önceki bir anahtar {time} tarihine kadar geçerli.
        rotate.new | Every site, app and server that uses it needs the new one. | Cada web, app y servidor que la usa necesita la nueva. | Onu kullanan her site, uygulama ve sunucuya yenisi gerekir.
        rotate.kept | The events it sent before stay as they are. | Los eventos que envió antes quedan como están. | Daha önce gönderdiği olaylar olduğu gibi kalır.
        snippet.choose | Ways to send | Formas de enviar | Gönderme yolları
        snippet.masked | The key is hidden here; what Copy gives you has it. {link} | Aquí la clave está oculta; lo que copias la contiene. {link} | Anahtar burada gizli; kopyaladığınız metinde yer alır. {link}
        snippet.curl | The quickest check: paste it into a terminal. | La comprobación más rápida: pégalo en una terminal. | En hızlı deneme: bir terminale yapıştırın.
        snippet.browser | For a website: paste it before the end of the head of every page. | Para una web: pégalo antes del final del head de cada página. | Web sitesi için: her sayfanın head bölümünün sonuna yapıştırın.
        snippet.node | Segment's library for Node.js, pointed at this server. | La biblioteca de Segment para Node.js, dirigida a este servidor. | Segment'in Node.js kitaplığı, bu sunucuya yönlendirilmiş.
        snippet.python | Segment's library for Python, pointed at this server. | La biblioteca de Segment para Python, dirigida a este servidor. | Segment'in Python kitaplığı, bu sunucuya yönlendirilmiş.
        snippet.swift | Segment's library for iOS and macOS; it wants https. | La biblioteca de Segment para iOS y macOS; exige https. | Segment'in iOS ve macOS kitaplığı; https ister.
        snippet.kotlin | Segment's library for Android and the JVM; it wants https. | La biblioteca de Segment para Android y la JVM; exige https. | Segment'in Android ve JVM kitaplığı; https ister.
        snippet.rudderstack | RudderStack's Python library, with this server as its data plane. | La biblioteca de RudderStack para Python, con este servidor como data plane. | RudderStack'in Python kitaplığı; veri düzlemi bu sunucu.
        snippet.pixel | An invisible image for emails and pages without scripts. | Una imagen invisible para correos y páginas sin scripts. | E-postalar ve betiksiz sayfalar için görünmez bir resim.
        live.sentence | Events as they arrive, each with its verdict. | Los eventos según llegan, cada uno con su veredicto. | Olaylar geldikçe, her biri sonucuyla.
        live.text-hint | Name, person, value | Nombre, persona, valor | Ad, kişi, değer
        live.pause | Pause | Pausar | Duraklat
        live.resume | Resume | Reanudar | Sürdür
        live.connected | Connected | Conectado | Bağlı
        live.paused | Paused | En pausa | Duraklatıldı
        live.lost | Connecting… | Conectando… | Bağlanıyor…
        live.waiting | {n} waiting | {n} en espera | {n} bekliyor
        live.interval | Events received from {from} to {to}. {link} | Eventos recibidos de {from} a {to}. {link} | {from} ile {to} arasında alınan olaylar. {link}
        live.back | Back to the newest | Volver a los más nuevos | En yenilere dön
        live.empty-title | Nothing has arrived yet | Aún no ha llegado nada | Henüz bir şey gelmedi
        live.empty-text | This list fills by itself. Copy a snippet from a source and send the first event. | Esta lista se llena sola. Copia un fragmento de una fuente y envía el primer evento. | Bu liste kendiliğinden dolar. Bir kaynaktan kod parçası kopyalayıp ilk olayı gönderin.
        live.none-title | No event fits this filter | Ningún evento cumple este filtro | Bu filtreye uyan olay yok
        live.none-text | New ones that fit appear here by themselves. | Los nuevos que lo cumplan aparecerán aquí solos. | Uyan yeni olaylar burada kendiliğinden görünür.
        verdict.accepted | Accepted | Aceptado | Kabul edildi
        verdict.duplicate | Duplicate | Duplicado | Yinelenen
        verdict.quarantined | Quarantined | En cuarentena | Karantinada
        quarantine.sentence | Events that were refused, kept whole, with the reason and the way out. | Eventos rechazados, guardados enteros, con el motivo y la solución. | Reddedilen olaylar; bütün hâlde, nedeni ve çözümüyle.
        quarantine.reasons | Reasons | Motivos | Nedenler
        quarantine.all | All reasons | Todos los motivos | Tüm nedenler
        quarantine.remedy | What to do: | Qué hacer: | Ne yapmalı:
        quarantine.as-received | As received | Tal como se recibió | Alındığı gibi
        quarantine.around | What came with it, and comes again when it is replayed | Lo que vino con él, y vuelve al reenviarlo | Onunla birlikte gelen; yeniden gönderilince yine gelir
        quarantine.beginning | {label}: only the beginning, since all of it is too long for this page | {label}: solo el comienzo, pues entero es demasiado largo para esta página | {label}: yalnızca başı; tamamı bu sayfa için fazla uzun
        quarantine.fix | Correct it | Corregirlo | Düzelt
        quarantine.corrected | Corrected event | Evento corregido | Düzeltilmiş olay
        quarantine.corrected-help | JSON of one event. The original is kept until this is accepted. | JSON de un evento. El original se conserva hasta que este se acepte. | Tek olayın JSON'u. Bu kabul edilene dek aslı saklanır.
        quarantine.fix-elsewhere | This event is too long to be corrected on this page. Fetch all of it into a file, correct it there, and send the file: | Este evento es demasiado largo para corregirlo en esta página. Descárgalo entero en un archivo, corrígelo allí y envía el archivo: | Bu olay bu sayfada düzeltilemeyecek kadar uzun. Tamamını bir dosyaya alın, orada düzeltin ve dosyayı gönderin:
        quarantine.replay-fixed | Send the corrected event | Enviar el evento corregido | Düzeltilmiş olayı gönder
        quarantine.replay | Try again as it is | Reintentar tal cual | Olduğu gibi yeniden dene
        quarantine.delete-title | Delete this refused event? | ¿Eliminar este evento rechazado? | Bu reddedilen olay silinsin mi?
        quarantine.delete-text | It never became part of anyone's profile; after this it cannot be replayed. | Nunca formó parte de ningún perfil; después ya no se podrá reenviar. | Hiçbir profile girmedi; silindikten sonra yeniden gönderilemez.
        quarantine.empty-title | Nothing is waiting here | Aquí no espera nada | Burada bekleyen yok
        quarantine.empty-text | Every event that was sent could be understood. When one cannot, it waits here with the reason. | Todos los eventos enviados se entendieron. Cuando uno no se entienda, esperará aquí con el motivo. | Gönderilen her olay anlaşıldı. Anlaşılmayan olursa nedeniyle birlikte burada bekler.
        quarantine.none-title | No refused event fits this filter | Ningún evento rechazado cumple este filtro | Bu filtreye uyan reddedilmiş olay yok
        quarantine.none-text | Others may be waiting under another reason or source. | Puede haber otros con otro motivo o de otra fuente. | Başka bir neden ya da kaynak altında bekleyenler olabilir.
        imports.uploaded-at | not yet; uploaded {time} | aún no; subido {time} | henüz değil; {time} yüklendi
        imports.sentence | Bring history in from a file. A line that was sent before changes nothing. | Trae el historial desde un archivo. Una línea ya enviada no cambia nada. | Geçmişi bir dosyadan alın. Önceden gönderilmiş satır bir şey değiştirmez.
        imports.no-source-title | An import needs a source | Una importación necesita una fuente | İçe aktarma için kaynak gerekir
        imports.no-source-text | Every event says where it came from. Create a source for the file first. | Cada evento dice de dónde vino. Crea antes una fuente para el archivo. | Her olay nereden geldiğini söyler. Önce dosya için bir kaynak oluşturun.
        imports.file | File | Archivo | Dosya
        imports.file-help | CSV with a header line, or NDJSON with one event on each line; .gz and .zst too. | CSV con línea de cabecera, o NDJSON con un evento por línea; también .gz y .zst. | Başlık satırlı CSV ya da her satırda bir olay olan NDJSON; .gz ve .zst de olur.
        imports.drop | Drop a file here, or choose one. | Suelta un archivo aquí o elige uno. | Dosyayı buraya bırakın ya da seçin.
        imports.chosen | {file} is ready to upload. | {file} está listo para subir. | {file} yüklenmeye hazır.
        imports.upload | Upload | Subir | Yükle
        imports.empty | No imports yet. | Aún no hay importaciones. | Henüz içe aktarma yok.
        imports.suppressed | Left out, suppressed | Omitidos por supresión | Engellendiği için atlanan
        imports.at-least | at least {n} | al menos {n} | en az {n}
        imports.not-counted | not known | no se sabe | bilinmiyor
        imports.rejected | Rejected | Rechazados | Reddedilen
        import-state.mapping | Waits for its start | Espera su inicio | Başlatılmayı bekliyor
        import-state.running | Running | En curso | Sürüyor
        import-state.finished | Finished | Terminada | Bitti
        import-state.failed | Failed | Fallida | Başarısız
        import-state.cancelled | Cancelled | Cancelada | İptal edildi
        import.sentence | Into {source}, uploaded {time}. | Hacia {source}, subido {time}. | {source} kaynağına, {time} yüklendi.
        import.mapping | What does each column mean? | ¿Qué significa cada columna? | Her sütun ne anlama geliyor?
        import.mapping-text | We guessed from the headers. A row needs a userId or an anonymousId, and a track needs its event. | Lo hemos deducido de las cabeceras. Cada fila necesita un userId o un anonymousId, y un track necesita su event. | Başlıklardan tahmin ettik. Her satıra userId ya da anonymousId, her track çağrısına da event gerekir.
        import.call | Each row is | Cada fila es | Her satır
        import.call-help | People become an identify; things they did become a track. | Las personas se convierten en identify; lo que hicieron, en track. | Kişiler identify, yaptıkları ise track olur.
        import.call-identify | a person (identify) | una persona (identify) | bir kişi (identify)
        import.call-track | something they did (track) | algo que hicieron (track) | yaptıkları bir şey (track)
        import.becomes | {column} becomes | {column} se convierte en | {column} sütununun karşılığı
        import.called | Name for {column} | Nombre para {column} | {column} için ad
        import.nobody | Choose userId or anonymousId for one of the columns: no row says who it is about. | Elige userId o anonymousId para una de las columnas: ninguna fila dice de quién trata. | Sütunlardan biri için userId ya da anonymousId seçin: hiçbir satır kimle ilgili olduğunu söylemiyor.
        import.no-event | Choose event for the column that says what they did. | Elige event para la columna que dice qué hicieron. | Ne yaptıklarını söyleyen sütun için event seçin.
        import.taken | Another column has become this already. | Otra columna ya se convierte en esto. | Başka bir sütun zaten bunun karşılığı.
        import.time-unreadable | “{value}” cannot be read as a time; such rows are rejected. | «{value}» no se puede leer como fecha y hora; esas filas se rechazan. | “{value}” zaman olarak okunamıyor; böyle satırlar reddedilir.
        import.start | Start the import | Iniciar la importación | İçe aktarmayı başlat
        import.cancel | Cancel the import | Cancelar la importación | İçe aktarmayı iptal et
        import.progress | {percent} % of the file is read | Leído el {percent} % del archivo | Dosyanın %{percent} kadarı okundu
        import.read | {size} of the file are read | Leídos {size} del archivo | Dosyanın {size} kadarı okundu
        import.rate | 1 row a second ~ {n} rows a second | 1 fila por segundo ~ {n} filas por segundo | saniyede {n} satır
        import.left-seconds | about 1 s left ~ about {n} s left | queda 1 s ~ quedan unos {n} s | yaklaşık {n} sn kaldı
        import.left-minutes | about 1 min left ~ about {n} min left | queda 1 min ~ quedan unos {n} min | yaklaşık {n} dk kaldı
        import.left-hours | about 1 hr left ~ about {n} hr left | queda 1 h ~ quedan unas {n} h | yaklaşık {n} sa kaldı
        import.lines | The first lines | Las primeras líneas | İlk satırlar
        import.lines-text | Each line is one event and says itself what it is; there is nothing to choose. | Cada línea es un evento y dice por sí misma qué es; no hay nada que elegir. | Her satır bir olaydır ve ne olduğunu kendisi söyler; seçilecek bir şey yok.
        import.more-columns | 1 more column keeps its name. ~ {n} more columns keep their names. | 1 columna más conserva su nombre. ~ {n} columnas más conservan su nombre. | {n} sütun daha adını korur.
        import.finished | Finished | Terminada | Bitiş
        import.no-rows | This file has no rows. | Este archivo no tiene filas. | Bu dosyada satır yok.
        import.none-rejected | Every row was understood. | Se entendieron todas las filas. | Tüm satırlar anlaşıldı.
        import.rejected-text | What the rows held waits in {link}, where it can be mended and sent again. | El contenido de las filas espera en {link}, donde se puede corregir y reenviar. | Satırların içeriği {link} bölümünde bekler; orada düzeltilip yeniden gönderilebilir.
        import.rejected-download | Download as CSV | Descargar como CSV | CSV olarak indir
        import.rejected-title | Rejected rows | Filas rechazadas | Reddedilen satırlar
        import.more-rejected | 1 more is listed by the API. ~ {n} more are listed by the API. | 1 más está en la API. ~ {n} más están en la API. | {n} tanesi daha API'de listelenir.
        target.value | trait or property | atributo o propiedad | özellik ya da nitelik
        target.ignore | ignore | ignorar | yok say
        """#
}

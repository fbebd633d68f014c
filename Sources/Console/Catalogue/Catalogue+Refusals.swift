extension Catalogue {
    /// Why events and files were refused, each with its remedy; backquotes mark code.
    static let refusals = #"""
        refusal.at-byte | {title} (byte {n}) | {title} (byte {n}) | {title} ({n}. bayt)
        refusal.in-line | {title} (line {n}) | {title} (línea {n}) | {title} ({n}. satır)
        refusal.event-not-object | The item is not a JSON object | El elemento no es un objeto JSON | Öğe bir JSON nesnesi değil
        refusal.event-not-object-remedy | Send each event as a JSON object with a `type`. | Envía cada evento como un objeto JSON con `type`. | Her olayı, `type` alanı olan bir JSON nesnesi olarak gönderin.
        refusal.event-type-unknown | The event's type is unknown | El tipo del evento es desconocido | Olayın türü bilinmiyor
        refusal.event-type-unknown-remedy | Set `type` on every item of a batch to identify, track, page, screen, group or alias. | En cada elemento de un lote, pon en `type` identify, track, page, screen, group o alias. | Toplu gönderimin her öğesinde `type` alanına identify, track, page, screen, group ya da alias yazın.
        refusal.event-no-identity | No usable userId or anonymousId | Sin userId ni anonymousId utilizables | Kullanılabilir userId ya da anonymousId yok
        refusal.event-no-identity-remedy | Send a `userId` or an `anonymousId`. Values such as `null`, `undefined` or `-1` are not used to tell people apart. | Envía un `userId` o un `anonymousId`. Valores como `null`, `undefined` o `-1` no sirven para distinguir a las personas. | Bir `userId` ya da `anonymousId` gönderin. `null`, `undefined` ya da `-1` gibi değerler kişileri ayırt etmek için kullanılmaz.
        refusal.event-identifier-too-long | An identifier is longer than 2048 bytes | Un identificador ocupa más de 2048 bytes | Bir tanımlayıcı 2048 bayttan uzun
        refusal.event-identifier-too-long-remedy | Send a short `userId`, `anonymousId`, `groupId` or `previousId`, and long content as a property or trait. | Envía un `userId`, `anonymousId`, `groupId` o `previousId` corto, y el contenido largo como propiedad o atributo. | Kısa bir `userId`, `anonymousId`, `groupId` ya da `previousId` gönderin; uzun içeriği özellik ya da nitelik olarak gönderin.
        refusal.event-name-missing | A track call needs the name of the event | Una llamada track necesita el nombre del evento | track çağrısında olayın adı eksik
        refusal.event-name-missing-remedy | Set `event` to a text such as `Order Completed`. | Pon en `event` un texto como `Order Completed`. | `event` alanına `Order Completed` gibi bir metin yazın.
        refusal.event-group-missing | A group call needs a groupId | Una llamada group necesita un groupId | group çağrısında groupId eksik
        refusal.event-group-missing-remedy | Set `groupId` to the account's id. | Pon en `groupId` el id de la cuenta. | `groupId` alanına hesabın kimliğini yazın.
        refusal.event-previous-missing | An alias call needs a previousId and a userId | Una llamada alias necesita un previousId y un userId | alias çağrısına previousId ve userId gerekir
        refusal.event-previous-missing-remedy | Set both, or use `identify`. | Pon los dos, o usa `identify`. | İkisini de yazın ya da `identify` kullanın.
        refusal.event-too-large | The event is larger than 1 MiB | El evento ocupa más de 1 MiB | Olay 1 MiB'den büyük
        refusal.event-too-large-remedy | Keep large content elsewhere and send its address here. | Guarda el contenido grande en otro sitio y envía aquí su dirección. | Büyük içeriği başka yerde tutun, buraya adresini gönderin.
        refusal.event-too-deep | The event nests deeper than 200 levels | El evento tiene más de 200 niveles de anidamiento | Olay 200 düzeyden derin iç içe
        refusal.event-too-deep-remedy | Flatten what is nested. | Aplana lo que está anidado. | İç içe olanı düzleştirin.
        refusal.event-refused | The event was refused | El evento fue rechazado | Olay reddedildi
        refusal.event-refused-remedy | Compare it with an event that was accepted, and send it again. | Compáralo con un evento aceptado y envíalo de nuevo. | Kabul edilmiş bir olayla karşılaştırıp yeniden gönderin.
        refusal.body-encoding | The compression of the body is not supported | La compresión del cuerpo no es compatible | Gövdenin sıkıştırması desteklenmiyor
        refusal.body-encoding-remedy | Send gzip, zstd or no compression. | Envía gzip, zstd o sin comprimir. | gzip, zstd ya da sıkıştırmadan gönderin.
        refusal.body-compression | The compressed data is damaged or ends too early | Los datos comprimidos están dañados o terminan antes de tiempo | Sıkıştırılmış veri bozuk ya da erken bitiyor
        refusal.body-compression-remedy | Send all of it again; nothing is doubled. | Envíalo entero otra vez; nada se duplica. | Tamamını yeniden gönderin; hiçbir şey iki kez sayılmaz.
        refusal.body-too-large | The body is too large | El cuerpo es demasiado grande | Gövde çok büyük
        refusal.body-too-large-remedy | Send smaller batches. | Envía lotes más pequeños. | Daha küçük gruplar hâlinde gönderin.
        refusal.body-too-deep | The body nests too deep | El cuerpo tiene demasiados niveles de anidamiento | Gövde çok derin iç içe
        refusal.body-too-deep-remedy | Flatten what is nested. | Aplana lo que está anidado. | İç içe olanı düzleştirin.
        refusal.body-not-utf8 | The body is not UTF-8 | El cuerpo no es UTF-8 | Gövde UTF-8 değil
        refusal.body-not-utf8-remedy | Send UTF-8. | Envía UTF-8. | UTF-8 olarak gönderin.
        refusal.body-not-json | The body is not one JSON object | El cuerpo no es un único objeto JSON | Gövde tek bir JSON nesnesi değil
        refusal.body-not-json-remedy | Check what writes it. | Revisa el programa que lo escribe. | Onu yazan programı kontrol edin.
        refusal.import-not-json | The line is not one JSON object | La línea no es un único objeto JSON | Satır tek bir JSON nesnesi değil
        refusal.import-not-json-remedy | Correct it in quarantine and send it from there. | Corrígela en la cuarentena y envíala desde allí. | Karantinada düzeltip oradan gönderin.
        refusal.import-not-utf8 | The file is not UTF-8 | El archivo no está en UTF-8 | Dosya UTF-8 değil
        refusal.import-not-utf8-remedy | Save it as “CSV UTF-8” and import it again. | Guárdalo como «CSV UTF-8» e impórtalo de nuevo. | “CSV UTF-8” olarak kaydedip yeniden içe aktarın.
        refusal.import-line-not-utf8 | The line is not UTF-8 | La línea no está en UTF-8 | Satır UTF-8 değil
        refusal.import-line-not-utf8-remedy | Convert the file to UTF-8 and import it again, or correct the line in quarantine and send it from there. | Convierte el archivo a UTF-8 e impórtalo de nuevo, o corrige la línea en la cuarentena y envíala desde allí. | Dosyayı UTF-8'e çevirip yeniden içe aktarın ya da satırı karantinada düzeltip oradan gönderin.
        refusal.source-disabled | This source is disabled | Esta fuente está desactivada | Bu kaynak devre dışı
        refusal.source-disabled-remedy | Enable it on the source's page. | Actívala en la página de la fuente. | Kaynağın sayfasında etkinleştirin.
        refusal.import-line-too-long | The line is longer than 1 MiB; only its beginning is kept | La línea ocupa más de 1 MiB; solo se guarda su comienzo | Satır 1 MiB'den uzun; yalnızca başı saklandı
        refusal.import-line-too-long-remedy | Keep large content elsewhere and send its address here, or look for a missing line break. | Guarda el contenido grande en otro sitio y envía aquí su dirección, o busca un salto de línea que falte. | Büyük içeriği başka yerde tutup buraya adresini gönderin ya da eksik bir satır sonu arayın.
        refusal.import-row-too-long | The row is longer than 1 MiB; only its beginning is kept | La fila ocupa más de 1 MiB; solo se guarda su comienzo | Kayıt 1 MiB'den uzun; yalnızca başı saklandı
        refusal.import-row-too-long-remedy | Look for quotes that open in it and close much later; keep large content elsewhere and send its address here. | Busca comillas que se abran en ella y se cierren mucho después; guarda el contenido grande en otro sitio y envía aquí su dirección. | İçinde açılıp çok sonra kapanan tırnak arayın; büyük içeriği başka yerde tutup buraya adresini gönderin.
        refusal.import-header-too-long | The header is longer than 1 MiB, and nothing behind it was imported | La cabecera ocupa más de 1 MiB y no se importó nada de lo que sigue | Başlık satırı 1 MiB'den uzun; ardından gelenler alınmadı
        refusal.import-header-too-long-remedy | Look for quotes in it that are not closed, and import the file again. | Busca en ella comillas sin cerrar e importa el archivo de nuevo. | İçinde kapanmamış tırnak arayın ve dosyayı yeniden içe aktarın.
        refusal.import-timestamp-unreadable | The row states a time that cannot be read | La fila indica una hora que no se puede leer | Kayıtta okunamayan bir zaman var
        refusal.import-timestamp-unreadable-remedy | Write it as `2026-07-01T09:30:00Z`, `2026-07-01 09:30`, `2026-07-01`, or as seconds or milliseconds since 1970; corrected in quarantine, the row can be sent from there. | Escríbela como `2026-07-01T09:30:00Z`, `2026-07-01 09:30`, `2026-07-01`, o en segundos o milisegundos desde 1970; corregida en la cuarentena, la fila se puede enviar desde allí. | `2026-07-01T09:30:00Z`, `2026-07-01 09:30`, `2026-07-01` biçiminde ya da 1970'ten beri saniye veya milisaniye olarak yazın; karantinada düzeltilen kayıt oradan gönderilebilir.
        refusal.import-too-many-cells | The row has more cells than the header | La fila tiene más celdas que la cabecera | Kayıtta başlıktakinden çok hücre var
        refusal.import-too-many-cells-remedy | Put a value that holds the separator in quotes, and import the corrected rows alone, under the same header; or correct it in quarantine: write the event as JSON in place of the row. | Pon entre comillas el valor que contiene el separador e importa solo las filas corregidas, con la misma cabecera; o corrígela en la cuarentena: escribe el evento como JSON en lugar de la fila. | Ayırıcıyı içeren değeri tırnak içine alın ve yalnızca düzeltilen kayıtları aynı başlıkla içe aktarın; ya da karantinada düzeltin: kaydın yerine olayı JSON olarak yazın.
        refusal.import-unclosed-quotes | Quotes are opened and never closed, and nothing behind them was imported | Se abren comillas que nunca se cierran y no se importó nada de lo que sigue | Açılan tırnak hiç kapanmıyor; ardından gelenler alınmadı
        refusal.import-unclosed-quotes-remedy | Close them, or write a quote within a value twice, and import the file again. | Ciérralas, o escribe dos veces las comillas dentro de un valor, e importa el archivo de nuevo. | Kapatın ya da bir değerin içindeki tırnağı iki kez yazın, sonra dosyayı yeniden içe aktarın.
        refusal.import-memory-short | The import waited a minute for memory, which is in use for other things | La importación esperó un minuto por memoria, que está ocupada en otras cosas | İçe aktarma bir dakika bellek bekledi; bellek başka işlerde kullanılıyor
        refusal.import-memory-short-remedy | What was imported stays. Raise the setting `memory`, or use a larger machine, and import the file again. | Lo importado se queda. Sube el ajuste `memory`, o usa una máquina mayor, e importa el archivo de nuevo. | Alınanlar kalır. `memory` ayarını yükseltin ya da daha büyük bir makine kullanın, sonra dosyayı yeniden içe aktarın.
        refusal.body-too-many | The body holds too many events | El cuerpo contiene demasiados eventos | Gövdede çok fazla olay var
        refusal.body-too-many-remedy | Send smaller batches. | Envía lotes más pequeños. | Daha küçük gruplar hâlinde gönderin.
        refusal.body-compression-window | The file is compressed with a window of more than 8 MiB | El archivo está comprimido con una ventana de más de 8 MiB | Dosya 8 MiB'den büyük bir pencereyle sıkıştırılmış
        refusal.body-compression-window-remedy | Compress it by a level up to 19 and without `--long`, or import it as it is. | Comprímelo con un nivel de hasta 19 y sin `--long`, o impórtalo sin comprimir. | En çok 19 düzeyiyle ve `--long` olmadan sıkıştırın ya da sıkıştırmadan içe aktarın.
        refusal.import-interrupted | The server stopped while this import was running | El servidor se detuvo durante esta importación | Bu içe aktarma sürerken sunucu durdu
        refusal.import-interrupted-remedy | Start it again with the same file; what is there already is skipped, nothing is doubled. | Iníciala de nuevo con el mismo archivo; lo que ya está se omite y nada se duplica. | Aynı dosyayla yeniden başlatın; var olanlar atlanır, hiçbir şey iki kez alınmaz.
        refusal.import-broken-off | The file ended too early | El archivo terminó antes de tiempo | Dosya erken bitti
        refusal.import-broken-off-remedy | Import it again; nothing is doubled. | Impórtalo de nuevo; nada se duplica. | Yeniden içe aktarın; hiçbir şey iki kez alınmaz.
        refusal.import-abandoned | Whoever sent the file left while the import waited for memory | Quien envió el archivo se fue mientras la importación esperaba memoria | İçe aktarma bellek beklerken dosyayı gönderen ayrıldı
        refusal.import-abandoned-remedy | What was imported stays; import the file again, nothing is doubled. | Lo importado se queda; importa el archivo de nuevo, nada se duplica. | Alınanlar kalır; dosyayı yeniden içe aktarın, hiçbir şey iki kez alınmaz.
        refusal.quarantine-duplicate | An event with this message id was accepted before, so this one counts for nothing | Ya se aceptó un evento con este id de mensaje, así que este no cuenta | Bu ileti kimliğiyle bir olay daha önce kabul edildi, bu yüzden bu sayılmaz
        refusal.quarantine-duplicate-remedy | Delete it here, or send it with another `messageId` if it is another event. | Elimínalo aquí, o envíalo con otro `messageId` si es otro evento. | Burada silin ya da başka bir olaysa başka bir `messageId` ile gönderin.
        refusal.quarantine-no-event | The corrected body holds no event, so that nothing of it would be stored | El cuerpo corregido no contiene ningún evento, así que no se guardaría nada | Düzeltilen gövdede olay yok; hiçbir şey saklanmazdı
        refusal.quarantine-no-event-remedy | Put its events into `batch`, or delete it here. | Pon sus eventos en `batch`, o elimínalo aquí. | Olaylarını `batch` içine koyun ya da burada silin.
        refusal.quarantine-suppressed | The event names somebody of whom nothing is to be kept | El evento nombra a alguien de quien no se debe guardar nada | Olay, hakkında hiçbir şey saklanmaması gereken birini adlandırıyor
        refusal.quarantine-suppressed-remedy | Delete it here. | Elimínalo aquí. | Burada silin.
        refusal.batch-missing | The body has no list of events under `batch` | El cuerpo no tiene una lista de eventos en `batch` | Gövdede `batch` altında olay listesi yok
        refusal.batch-missing-remedy | Send the events as a list under `batch`. | Envía los eventos como una lista en `batch`. | Olayları `batch` altında bir liste olarak gönderin.
        refusal.upload-no-rows | This file has no rows | Este archivo no tiene filas | Bu dosyada satır yok
        refusal.upload-no-rows-remedy | Choose a CSV file with a header line and a line for each row. | Elige un archivo CSV con una línea de encabezado y una línea por fila. | Başlık satırı ve her satır için bir satırı olan bir CSV dosyası seçin.
        refusal.import-cancelled | The import was cancelled | La importación se canceló | İçe aktarma iptal edildi
        refusal.import-cancelled-remedy | What was imported stays; import the file again to go on. | Lo importado se queda; importa el archivo de nuevo para continuar. | Alınanlar kalır; sürdürmek için dosyayı yeniden içe aktarın.
        """#
}

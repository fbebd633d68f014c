extension Catalogue {
    /// Why events and files were refused, each with its remedy; backquotes mark code.
    static let refusals = #"""
        refusal.at-byte | {title} (byte {n}) | {title} (byte {n}) | {title} ({n}. bayt)
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
        refusal.import-interrupted | The server stopped while this import was running | El servidor se detuvo durante esta importación | Bu içe aktarma sürerken sunucu durdu
        refusal.import-interrupted-remedy | Start it again with the same file; what is there already is skipped, nothing is doubled. | Iníciala de nuevo con el mismo archivo; lo que ya está se omite y nada se duplica. | Aynı dosyayla yeniden başlatın; var olanlar atlanır, hiçbir şey iki kez alınmaz.
        refusal.import-broken-off | The file ended too early | El archivo terminó antes de tiempo | Dosya erken bitti
        refusal.import-broken-off-remedy | Import it again; nothing is doubled. | Impórtalo de nuevo; nada se duplica. | Yeniden içe aktarın; hiçbir şey iki kez alınmaz.
        refusal.import-cancelled | The import was cancelled | La importación se canceló | İçe aktarma iptal edildi
        refusal.import-cancelled-remedy | What was imported stays; import the file again to go on. | Lo importado se queda; importa el archivo de nuevo para continuar. | Alınanlar kalır; sürdürmek için dosyayı yeniden içe aktarın.
        """#
}

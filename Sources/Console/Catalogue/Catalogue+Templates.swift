extension Catalogue {
    /// Templates of messages: the list, the editor and its preview.
    static let templates = #"""
        section.templates | Templates | Plantillas | Şablonlar
        group.messages | Messages | Mensajes | Mesajlar
        templates.list-sentence | What your messages say, checked against what you know of people. | Lo que dicen tus mensajes, comprobado con lo que sabes de las personas. | Mesajlarınızın söyledikleri; kişiler hakkında bildiklerinizle denetlenir.
        templates.new | New template | Nueva plantilla | Yeni şablon
        templates.empty-title | No templates yet | Aún no hay plantillas | Henüz şablon yok
        templates.empty-text | Write a message once, see it as any person would get it, now or at an earlier moment, and know who lacks a value before anything is sent. | Escribe un mensaje una vez, míralo como lo recibiría cualquier persona, ahora o en un momento anterior, y sabe a quién le falta un valor antes de enviar nada. | Bir mesajı bir kez yazın; herkesin şimdi ya da daha önce nasıl alacağını görün ve göndermeden önce kimde değer eksik bilin.
        templates.edit-sentence | Write the message; beside it stands what the person you choose would get. | Escribe el mensaje; al lado está lo que recibiría la persona que elijas. | Mesajı yazın; yanında seçtiğiniz kişinin alacağı görünür.
        templates.name-help | Small letters, digits, - and _. | Minúsculas, cifras, - y _. | Küçük harf, rakam, - ve _.
        templates.kind | Kind | Tipo | Tür
        templates.kind-change | Show its fields | Mostrar sus campos | Alanlarını göster
        templates.kind-email | E-mail | Correo electrónico | E-posta
        templates.kind-text | Text message | Mensaje de texto | Kısa mesaj
        templates.kind-json | Webhook body | Cuerpo de webhook | Webhook gövdesi
        templates.kind-partial | Partial for other templates | Parte para otras plantillas | Diğer şablonlar için parça
        templates.subject | Subject | Asunto | Konu
        templates.preheader | Preview line | Línea de vista previa | Önizleme satırı
        templates.html | HTML | HTML | HTML
        templates.html-help | Liquid in HTML. Values are escaped. | Liquid en HTML. Los valores se escapan. | HTML içinde Liquid. Değerler kaçışlanır.
        templates.text | Text | Texto | Metin
        templates.text-help | Of an e-mail, it is made of the HTML where you leave it empty. | En un correo, se hace a partir del HTML si lo dejas vacío. | E-postada boş bırakırsanız HTML'den üretilir.
        templates.json | JSON | JSON | JSON
        templates.local-dates | Dates by the person's clock | Fechas según el reloj de la persona | Tarihler kişinin saatine göre
        templates.local-dates-help | By their trait timezone, or what their device says; else by the workspace's zone. | Según su rasgo timezone o lo que dice su dispositivo; si no, la zona del espacio. | timezone özelliğine ya da cihazının söylediğine göre; yoksa çalışma alanının dilimi.
        templates.attachments | Attachments | Adjuntos | Ekler
        templates.attachments-none | The mail carries no files. | El correo no lleva archivos. | E-posta dosya taşımıyor.
        templates.attachment-each | another in each mail | otro en cada correo | her e-postada başka
        templates.attachment-file | File | Archivo | Dosya
        templates.attachment-help | Everyone gets the file; 1 MB together. What is another for each person (an invoice, a calendar entry) is set up by the API. | El archivo lo recibe todo el mundo; 1 MB en total. Lo que es distinto para cada persona (una factura, una cita) se configura por la API. | Dosyayı herkes alır; toplam 1 MB. Herkes için başka olan (fatura, takvim kaydı) API ile kurulur.
        templates.attachment-add | Add the file | Añadir el archivo | Dosyayı ekle
        templates.attachment-remove | Remove | Quitar | Kaldır
        templates.tracked | Tell opens and clicks | Contar aperturas y clics | Açılma ve tıklamaları bildir
        templates.tracked-help | Never of people who object to analytics. | Nunca de quienes se oponen a la analítica. | Analize itiraz edenlerden asla.
        templates.person | Preview as | Vista previa como | Şu kişi olarak önizle
        templates.person-help | A userId, an e-mail address or a profile id; somebody, if you leave it empty. | Un userId, un correo o un id de perfil; cualquiera si lo dejas vacío. | Bir userId, e-posta ya da profil kimliği; boş bırakırsanız herhangi biri.
        templates.as-of | At | En el momento | Şu anda
        templates.as-of-help | As 2026-07-01; now, if you leave it empty. | Como 2026-07-01; ahora si lo dejas vacío. | 2026-07-01 gibi; boş bırakırsanız şimdi.
        templates.preview | Preview | Vista previa | Önizleme
        templates.preview-of | As {name} would get it | Como lo recibiría {name} | {name} bunu böyle alırdı
        templates.preview-html | The mail | El correo | E-posta
        templates.preview-text | As plain text | Como texto | Düz metin olarak
        templates.nobody | There is no such person. | No hay tal persona. | Böyle bir kişi yok.
        templates.nobody-yet | There is nobody to preview it with yet. | Aún no hay nadie para la vista previa. | Önizleyecek kimse henüz yok.
        templates.missing | No value of {path} | Sin valor de {path} | {path} değeri yok
        templates.delete-submit | Delete this template | Eliminar esta plantilla | Bu şablonu sil
        templates.no-users | No journey under way sends it. | Ningún recorrido en curso la envía. | Süren hiçbir yolculuk onu göndermiyor.
        templates.delete-readers | Its versions stay in the history. | Sus versiones quedan en el historial. | Sürümleri geçmişte kalır.
        templates.name-wrong | A name has 1 to 64 small letters, digits, - and _, and nothing else has it. | Un nombre tiene de 1 a 64 minúsculas, cifras, - y _, y nada más lo lleva. | Bir ad 1 ile 64 arası küçük harf, rakam, - ve _ içerir ve başkasında olmaz.
        notice.template-saved | The template is saved. | La plantilla está guardada. | Şablon kaydedildi.
        notice.template-deleted | The template is deleted. | La plantilla está eliminada. | Şablon silindi.
        """#
}

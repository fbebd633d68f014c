extension Catalogue {
    /// Static lists: all of them, one of them, and the file that is put on it.
    static let lists = #"""
        lists.title | Lists | Listas | Listeler
        lists.sentence | People named by hand or by a file, as from a trade fair or a partner. | Personas indicadas a mano o con un archivo, como las de una feria o de un socio. | Elle ya da dosyayla belirtilen kişiler; örneğin bir fuardan ya da iş ortağından.
        lists.empty-title | No lists yet | Aún no hay listas | Henüz liste yok
        lists.empty-text | Make a list, drop a file of e-mail addresses or user ids on it, and ask for it in any segment. | Crea una lista, suelta en ella un archivo de correos o identificadores y úsala en cualquier segmento. | Bir liste oluşturun, üzerine e-posta ya da kullanıcı kimliği dosyası bırakın ve herhangi bir segmentte kullanın.
        lists.new | New list | Nueva lista | Yeni liste
        lists.create | Make the list | Crear la lista | Listeyi oluştur
        lists.name-hint | Tea fair visitors | Visitantes de la feria del té | Çay fuarı ziyaretçileri
        lists.source | Where from | Procedencia | Nereden
        lists.source-help | In your words, as “trade fair” or “partner X”. | Con tus palabras, como «feria» o «socio X». | Kendi sözlerinizle: “fuar” ya da “X ortağı” gibi.
        lists.expiry | Expires on | Caduca el | Bitiş tarihi
        lists.expiry-help | As 2027-01-31; nobody is on the list from then on. Leave it empty for never. | Como 2027-01-31; desde entonces no hay nadie en la lista. Vacío si no caduca. | 2027-01-31 gibi; o andan sonra listede kimse olmaz. Süresizse boş bırakın.
        lists.entries | Entries | Entradas | Girdiler
        lists.changed | Changed | Cambiada | Değişti
        list.people | People on it now | Personas ahora | Şu an listedeki kişiler
        list.unknown | Not known yet | Aún desconocidas | Henüz tanınmayan
        list.expired | Expired | Caducadas | Süresi dolan
        list.expires | Expires | Caduca | Bitiş
        list.never | Never | Nunca | Süresiz
        list.add | Put a file on the list | Añadir un archivo a la lista | Listeye dosya ekle
        list.file-help | CSV in UTF-8 with a header, up to 64 MB. A column called userId, externalId, anonymousId or email is found by itself. | CSV en UTF-8 con encabezado, hasta 64 MB. Una columna llamada userId, externalId, anonymousId o email se reconoce sola. | Başlıklı, UTF-8 CSV; en çok 64 MB. userId, externalId, anonymousId ya da email adlı sütun kendiliğinden bulunur.
        list.column | Column with the identifiers | Columna con los identificadores | Kimliklerin sütunu
        list.column-help | Only where it has another name than userId, externalId, anonymousId or email. | Solo si no se llama userId, externalId, anonymousId ni email. | Yalnızca adı userId, externalId, anonymousId ya da email değilse.
        list.expiry-help | Of entries for which the file names none in a column expiresAt. Leave it empty for never. | De las entradas para las que el archivo no indica una en una columna expiresAt. Vacío si no caducan. | Dosyanın expiresAt sütununda tarih vermediği girdiler için. Süresizse boş bırakın.
        list.type | What they are | Qué son | Türü
        list.type-auto | By the column's name | Según el nombre de la columna | Sütun adına göre
        list.look | Only look: show what would happen, and put nobody on the list | Solo mirar: muestra qué pasaría sin añadir a nadie | Yalnızca bak: ne olacağını göster, kimseyi ekleme
        list.send | Read the file | Leer el archivo | Dosyayı oku
        list.looked | {column} holds the identifiers ({type}). | {column} contiene los identificadores ({type}). | Kimlikler {column} sütununda ({type}).
        list.would | 1 identifier would be put on the list ~ {n} identifiers would be put on the list | Se añadiría 1 identificador ~ Se añadirían {n} identificadores | {n} kimlik listeye eklenecek
        list.added | 1 added ~ {n} added | 1 añadida ~ {n} añadidas | {n} eklendi
        list.present | 1 was there already ~ {n} were there already | 1 ya estaba ~ {n} ya estaban | {n} zaten vardı
        list.refused | 1 line refused ~ {n} lines refused | 1 línea rechazada ~ {n} líneas rechazadas | {n} satır reddedildi
        list.line | Line {n} | Línea {n} | Satır {n}
        list.beginning | The file's first lines | Primeras líneas del archivo | Dosyanın ilk satırları
        list.no-users | No segment and no journey under way names it. | Ningún segmento ni recorrido en curso la nombra. | Hiçbir segment ya da süren yolculuk onu kullanmıyor.
        list.segment | New segment of it | Nuevo segmento con ella | Bundan yeni segment
        list.delete-title | Delete {name}? | ¿Eliminar {name}? | {name} silinsin mi?
        list.delete-entries | Its entries are gone at once; the people and their events stay. | Sus entradas desaparecen al momento; las personas y sus eventos se conservan. | Girdileri hemen silinir; kişiler ve olayları kalır.
        list.delete-submit | Delete this list | Eliminar esta lista | Bu listeyi sil
        list.settings | Settings | Ajustes | Ayarlar
        notice.list-saved | The list is saved. | La lista se ha guardado. | Liste kaydedildi.
        notice.list-created | The list is made; put people on it. | La lista está creada; añade personas. | Liste oluşturuldu; kişileri ekleyin.
        notice.list-deleted | The list was deleted. | La lista se eliminó. | Liste silindi.
        notice.list-in-use | Nothing was deleted: segments name this list. Change or delete those first. | No se eliminó nada: hay segmentos que nombran esta lista. Cambia o elimina esos primero. | Hiçbir şey silinmedi: bu listeyi kullanan segmentler var. Önce onları değiştirin ya da silin.

        """#
}

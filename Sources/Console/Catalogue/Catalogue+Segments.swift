extension Catalogue {
    /// Segments: the list, one segment, the editor and its rows.
    static let segments = #"""
        segments.sentence | Groups of people under a name, kept up to date as things happen. | Grupos de personas con un nombre, al día a medida que pasan cosas. | Bir ad altında toplanan kişiler; olaylar oldukça güncel kalır.
        segments.trace | Last 30 days | Últimos 30 días | Son 30 gün
        overlap.title | Overlap | Coincidencia | Örtüşme
        overlap.sentence | Who is in several segments or lists at once. | Quién está en varios segmentos o listas a la vez. | Aynı anda birden çok segment veya listede kimler var.
        overlap.choose | Segments and lists to compare, up to {n} | Segmentos y listas que comparar, hasta {n} | Karşılaştırılacak segmentler ve listeler, en çok {n}
        overlap.compare | Compare | Comparar | Karşılaştır
        overlap.choose-two | Choose at least two. | Elige al menos dos. | En az ikisini seçin.
        overlap.empty-title | Nothing to compare yet | Aún no hay nada que comparar | Henüz karşılaştıracak bir şey yok
        overlap.empty-text | Make two segments, and see here who is in both. | Crea dos segmentos y verás aquí quién está en ambos. | İki segment oluşturun; ikisinde de kimlerin olduğu burada görünür.
        overlap.of | Of those in… | De quienes están en… | Şuradakilerin…
        overlap.matrix | Each two | De dos en dos | İkişer ikişer
        overlap.matrix-help | How many of a row's people are in the column too | Cuántas personas de la fila están también en la columna | Satırdaki kişilerin kaçı sütunda da var
        overlap.exactly | In exactly these | Exactamente en estos | Tam olarak bunlarda
        overlap.only-in | In these and no other | En estos y en ninguno más | Yalnız bunlarda
        overlap.took | counted in {ms} ms | contado en {ms} ms | {ms} ms içinde sayıldı
        overlap.nobody | Nobody is in any of them now. | Nadie está en ninguno ahora. | Şu anda hiçbirinde kimse yok.
        overlap.more | {n} more combination is smaller. ~ {n} more combinations are smaller. | {n} combinación más es menor. ~ {n} combinaciones más son menores. | {n} birleşim daha var, daha küçük.
        segments.new | New segment | Nuevo segmento | Yeni segment
        segments.empty-title | No segments yet | Aún no hay segmentos | Henüz segment yok
        segments.empty-text | Say who you mean, as “bought three times in 90 days”, see at once how many they are, and keep it under a name. | Di a quiénes te refieres, como «compraron tres veces en 90 días», mira al momento cuántas personas son y guárdalo con un nombre. | “90 günde üç kez aldı” gibi kimi kastettiğinizi söyleyin, kaç kişi olduklarını hemen görün ve bir adla saklayın.
        segments.examples | Or begin with one of these | O empieza con uno de estos | Ya da bunlardan biriyle başlayın
        segments.example-loyal | Loyal customers | Clientes fieles | Sadık müşteriler
        segments.example-basket | Left a basket behind | Dejaron la cesta sin comprar | Sepetini bırakanlar
        segments.example-quiet | Tea club, gone quiet | Club del té, sin compras recientes | Çay kulübü, sessiz kalanlar
        segment.asking | Everyone is being asked; the number is here in a moment. | Se está preguntando a todos; el número llegará en un momento. | Herkese soruluyor; sayı birazdan burada.
        segment.nobody | Nobody is in it now. | Ahora no hay nadie. | Şu anda kimse yok.
        segment.edit | Edit | Editar | Düzenle
        segment.size-now | People now | Personas ahora | Şu anki kişi sayısı
        segment.handle | Name in conditions | Nombre en condiciones | Koşullardaki adı
        segment.chart | People in it over the last 30 days | Personas en los últimos 30 días | Son 30 gündeki kişi sayısı
        segment.chart-help | By the condition as it is now, at this time of day | Según la condición actual, a esta hora del día | Şimdiki koşula göre, günün bu saatinde
        segment.chart-label | People in the segment over 30 days: from {first} to {last} | Personas en el segmento en 30 días: de {first} a {last} | Segmentteki kişi sayısı, 30 günde: {first} → {last}
        segment.counting | Counting the days before… | Contando los días anteriores… | Önceki günler sayılıyor…
        segment.members | Members | Miembros | Üyeler
        segment.changes | Latest changes | Últimos cambios | Son değişiklikler
        segment.entered | came in | entró | girdi
        segment.exited | left | salió | çıktı
        segment.no-changes | Nobody has come in or left so far. | Nadie ha entrado ni salido hasta ahora. | Şimdiye dek giren ya da çıkan yok.
        segment.users | Used by | Lo usan | Kullananlar
        segment.no-users | No other segment names it, and no journey under way. | Ningún otro segmento ni recorrido en curso lo nombra. | Başka hiçbir segment ya da süren yolculuk onu kullanmıyor.
        users.delete | These build on it, and it cannot be deleted before they change: {names}. | Esto se basa en ello y no se puede eliminar antes de cambiarlo: {names}. | Bunlar buna dayanıyor; onlar değişmeden silinemez: {names}.
        segment.versions | Versions | Versiones | Sürümler
        segment.version | Version {n} | Versión {n} | Sürüm {n}
        segment.version-first | made | creado | oluşturuldu
        segment.version-same | saved without a change | guardado sin cambios | değişmeden kaydedildi
        segment.changed-name | name | nombre | ad
        segment.changed-note | note | nota | not
        segment.changed-condition | condition | condición | koşul
        segment.changed-zone | time zone | zona horaria | saat dilimi
        segment.removed | removed: | quitado: | çıkarılan:
        segment.added | added: | añadido: | eklenen:
        segment.delete-title | Delete {name}? | ¿Eliminar {name}? | {name} silinsin mi?
        segment.delete-list | Its list of members and its address in the API are gone at once. | Su lista de miembros y su dirección en la API desaparecen al momento. | Üye listesi ve API adresi hemen kaybolur.
        segment.delete-people | The people and their events stay. | Las personas y sus eventos se conservan. | Kişiler ve olayları kalır.
        segment.delete-submit | Delete this segment | Eliminar este segmento | Bu segmenti sil
        segment.new-title | New segment | Nuevo segmento | Yeni segment
        segment.edit-title | Edit {name} | Editar {name} | {name}: düzenle
        segment.edit-sentence | Choose in rows or write it out; the number follows. | Elige por filas o escríbelo; el número se actualiza. | Satırlarla seçin ya da yazın; sayı izler.
        segment.edit-users | These segments name it and change with it: {names}. | Estos segmentos lo nombran y cambian con él: {names}. | Bu segmentler onu kullanıyor ve onunla değişir: {names}.
        segment.text | Condition | Condición | Koşul
        segment.text-help | This text is what is saved. Names of events stand between quotes: did "Order Completed" at least 3 times in last 90 days | Este texto es lo que se guarda. Los nombres de eventos van entre comillas: did "Order Completed" at least 3 times in last 90 days | Kaydedilen bu metindir. Olay adları tırnak içinde yazılır: did "Order Completed" at least 3 times in last 90 days
        segment.count | Count | Contar | Say
        segment.name-missing | A segment needs a name. | Un segmento necesita un nombre. | Segmentin bir adı olmalı.
        segment.name-hint | Loyal customers | Clientes fieles | Sadık müşteriler
        segment.note | Note | Nota | Not
        segment.note-help | What it is for; for colleagues. | Para qué sirve; para tu equipo. | Ne için; ekip arkadaşlarınıza.
        segment.note-long | A note may have at most {n} bytes. | Una nota puede tener como máximo {n} bytes. | Bir not en fazla {n} bayt olabilir.
        segment.zone | Time zone | Zona horaria | Saat dilimi
        segment.zone-help | In which days and months are counted, as Europe/Madrid. | En la que se cuentan días y meses, como Europe/Madrid. | Gün ve ayların sayıldığı dilim, örneğin Europe/Madrid.
        segment.answer-empty | How many people this is will stand here. | Aquí aparecerá cuántas personas son. | Kaç kişi olduğu burada görünecek.
        segment.answer-of | of 1 profile ~ of {n} profiles | de 1 perfil ~ de {n} perfiles | toplam {n} profilden
        segment.answer-ms | found in {ms} ms | en {ms} ms | {ms} ms içinde bulundu
        segment.answer-place | Line {line}, column {column} | Línea {line}, columna {column} | Satır {line}, sütun {column}
        rows.title | Who | Quiénes | Kimler
        rows.add | Add a condition | Añadir una condición | Koşul ekle
        rows.add-group | Add a group | Añadir un grupo | Grup ekle
        rows.group | Group of conditions | Grupo de condiciones | Koşul grubu
        rows.mode | Everyone with | Quienes cumplen | Şuna uyanlar
        rows.mode-all | all of these | todo esto | bunların hepsi
        rows.mode-any | at least one of these | algo de esto | bunlardan en az biri
        rows.mode-none | none of these | nada de esto | bunların hiçbiri
        rows.mode-not-all | not all of these | no todo esto | bunların hepsi değil
        rows.remove-group | Remove this group | Quitar este grupo | Bu grubu kaldır
        rows.kind | Kind | Tipo | Tür
        rows.trait | Trait | Atributo | Özellik
        rows.did | Did | Hizo | Yaptı
        rows.not | Did not do | No hizo | Yapmadı
        rows.measure | Measure | Medida | Ölçü
        rows.measure-sum | sum | suma | toplam
        rows.measure-average | average | media | ortalama
        rows.measure-minimum | lowest | mínimo | en düşük
        rows.measure-maximum | highest | máximo | en yüksek
        rows.measure-distinct | different values | valores distintos | farklı değerler
        rows.measure-most-frequent | most frequent value | valor más frecuente | en sık değer
        rows.within | In segment | En el segmento | Segmentte
        rows.outside | Not in segment | Fuera del segmento | Segmentte değil
        rows.segment-name | Segment | Segmento | Segment
        rows.text | Written out | Texto | Metin
        rows.raw | Condition | Condición | Koşul
        rows.filter | Where property | Donde la propiedad | Şu özellikle
        rows.filter-hint | any | cualquiera | herhangi
        rows.in | is one of (a, b) | es uno de (a, b) | şunlardan biri (a, b)
        rows.not-in | is none of (a, b) | no es ninguno de (a, b) | bunlardan değil (a, b)
        rows.top | Among the highest sums of | Entre las sumas más altas de | En yüksek toplamlar
        rows.sessions | Sessions | Sesiones | Oturumlar
        rows.changed | Trait changed | Atributo cambiado | Değişen özellik
        rows.percent | Top, % | Superior, % | İlk, %
        rows.like | contains (ignoring accents) | contiene (sin acentos) | içerir (işaret ayrımı olmadan)
        rows.version-from | version ≥ | versión ≥ | sürüm ≥
        rows.version-below | version < | versión < | sürüm <
        rows.list | On list | En la lista | Listede
        rows.unlisted | Not on list | No en la lista | Listede değil
        rows.member | Belongs to account | Pertenece a la cuenta | Hesaba üye
        rows.as | Did as member of account | Hizo como miembro de la cuenta | Hesap üyesi olarak yaptı
        rows.account | groupId; empty for any | groupId; vacío: cualquiera | groupId; boşsa herhangi biri
        rows.role | Role; empty for any | Función; vacía: cualquiera | Rol; boşsa herhangi biri
        rows.list-name | List | Lista | Liste
        rows.property | Property | Propiedad | Özellik alanı
        rows.event | Event | Evento | Olay
        rows.times | At least, times | Al menos, veces | En az, kez
        rows.days | In last, days | En los últimos, días | Son, gün
        rows.test | Test | Prueba | Sınama
        rows.value | Value | Valor | Değer
        rows.contains | contains | contiene | içerir
        rows.exists | is known | se conoce | biliniyor
        rows.missing | is missing | falta | eksik
        rows.count | Profiles that fit this alone | Perfiles que cumplen solo esto | Yalnızca buna uyan profiller
        rows.remove | Remove this row | Quitar esta fila | Bu satırı kaldır
        rows.away | This condition has more parts than rows can show; the text has all of it. | Esta condición tiene más partes de las que caben en filas; el texto lo tiene todo. | Bu koşulun satırlara sığandan çok parçası var; tamamı metinde.
        why.title-in | Why {name} is in {segment} | Por qué {name} está en {segment} | {name} neden {segment} içinde
        why.title-out | Why {name} is not in {segment} | Por qué {name} no está en {segment} | {name} neden {segment} içinde değil
        why.in | In | Dentro | İçinde
        why.out | Not in | Fuera | Dışında
        why.segment | The segment | El segmento | Segment
        why.choose | Segment | Segmento | Segment
        why.parts | What was seen | Lo que se vio | Görülenler
        why.help | Parts in grey do not decide the answer. | Las partes en gris no deciden la respuesta. | Gri kısımlar yanıtı belirlemez.
        why.objects | They object to analytics, so they are left out of every question and are in no segment. | Se opone a la analítica, así que queda fuera de toda consulta y no está en ningún segmento. | Analize karşı çıktı; bu yüzden hiçbir soruda sayılmaz ve hiçbir segmentte yer almaz.
        why.no-events | Segments hold people, and no event of a person is known here. | Los segmentos reúnen personas, y aquí no se conoce ningún evento de una persona. | Segmentlerde kişiler yer alır; burada bir kişinin bilinen olayı yok.
        why.leaves | If nothing happens, they leave {time}: {exact}. | Si no pasa nada, sale {time}: {exact}. | Hiçbir şey olmazsa çıkış {time}: {exact}.
        why.comes | If nothing happens, they enter {time}: {exact}. | Si no pasa nada, entra {time}: {exact}. | Hiçbir şey olmazsa giriş {time}: {exact}.
        why.stays | If nothing happens, this stays so until {date} at least. | Si no pasa nada, sigue así al menos hasta el {date}. | Hiçbir şey olmazsa en az {date} tarihine dek böyle kalır.
        why.true | Holds: | Se cumple: | Doğru:
        why.false | Does not hold: | No se cumple: | Doğru değil:
        why.open | Not come to: | No se llegó a: | Sıra gelmedi:
        why.waiting | Not decided yet: | Aún sin decidir: | Henüz belli değil:
        why.said | said {time} | dicho {time} | söylendi: {time}
        why.before | the last one before: {time} | el último antes: {time} | önceki son olay: {time}
        why.waits | decided {time} | se decide {time} | sonucu {time}
        why.link | Why? | ¿Por qué? | Neden?
        why.link-label | Why in {name}? | ¿Por qué en {name}? | Neden {name} içinde?
        why.others | Why in a segment, or not? | ¿Por qué está en un segmento o no? | Bir segmentte neden var ya da yok?
        profile.segments | Segments | Segmentos | Segmentler
        """#
}

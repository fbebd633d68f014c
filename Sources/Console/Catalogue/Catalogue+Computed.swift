extension Catalogue {
    /// Computed traits: the list, one of them, the editor, and how they show on a person's page.
    static let computed = #"""
        computed.list-sentence | What people's events add up to, worked out whenever it is read. | Lo que suman los eventos de cada persona, calculado cada vez que se lee. | Kişilerin olaylarının toplamı; her okunduğunda hesaplanır.
        computed.new | New computed trait | Nuevo atributo calculado | Yeni hesaplanan özellik
        computed.empty-title | No computed traits yet | Aún no hay atributos calculados | Henüz hesaplanan özellik yok
        computed.empty-text | Measure people's events, as what they have spent or look at most, see at once how the values lie, and keep the measure under a name that segments can ask for. | Mide los eventos de las personas, como lo que han gastado o lo que más miran, mira al momento cómo se reparten los valores y guarda la medida con un nombre que los segmentos pueden usar. | Kişilerin olaylarını ölçün: ne kadar harcadılar, en çok neye bakıyorlar. Değerlerin dağılımını hemen görün ve ölçüyü segmentlerin sorabileceği bir adla saklayın.
        computed.example-value | Lifetime value | Valor de por vida | Yaşam boyu değer
        computed.example-favourite | Favourite category | Categoría favorita | En sevilen kategori
        computed.example-streak | Months in a row with an order | Meses seguidos con pedido | Art arda siparişli aylar
        computed.example-ratio | Orders for each view | Pedidos por cada vista | Görüntüleme başına sipariş
        computed.chart | Values among everyone | Valores entre todas las personas | Herkeste değerler
        computed.having | 1 of {of} people has a value ~ {n} of {of} people have a value | 1 de {of} personas tiene un valor ~ {n} de {of} personas tienen un valor | {of} kişiden {n} kişinin değeri var
        computed.nobody | Nobody has a value yet. It needs events of this kind, with the property that is measured. | Nadie tiene aún un valor. Hacen falta eventos de este tipo, con la propiedad que se mide. | Henüz kimsenin değeri yok. Bu türden ve ölçülen alanı taşıyan olaylar gerekir.
        computed.minimum | Smallest | Mínimo | En küçük
        computed.median | Middle | Mediana | Ortanca
        computed.maximum | Largest | Máximo | En büyük
        computed.share | Compared | Comparación | Karşılaştırma
        computed.more-values | 1 more value is rarer. ~ {n} more values are rarer. | 1 valor más es menos frecuente. ~ {n} valores más son menos frecuentes. | {n} değer daha seyrek.
        computed.column-measured | What is measured | Qué se mide | Ölçülen
        computed.no-users | No segment and no journey under way asks for it. | Ningún segmento ni recorrido en curso lo usa. | Hiçbir segment ya da süren yolculuk onu kullanmıyor.
        computed.delete-readers | It disappears from all profiles and from the API at once. | Desaparece al momento de todos los perfiles y de la API. | Tüm profillerden ve API'den hemen kaybolur.
        computed.delete-submit | Delete this computed trait | Eliminar este atributo calculado | Bu hesaplanan özelliği sil
        computed.edit-sentence | Write what is measured; the values follow. | Escribe lo que se mide; los valores se actualizan. | Neyin ölçüleceğini yazın; değerler izler.
        computed.edit-users | These segments ask for it and change with it: {names}. | Estos segmentos lo usan y cambian con él: {names}. | Bu segmentler onu kullanıyor ve onunla değişir: {names}.
        computed.text | Measure | Medida | Ölçü
        computed.text-help | A measure of events: sum(total) of "Order Completed" in last 90 days. Others are count, average, most frequent, distinct list, share, percentile, longest week streak; one may be divided by another with /. | Una medida de eventos: sum(total) of "Order Completed" in last 90 days. Otras son count, average, most frequent, distinct list, share, percentile, longest week streak; una puede dividirse entre otra con /. | Olayların bir ölçüsü: sum(total) of "Order Completed" in last 90 days. Diğerleri: count, average, most frequent, distinct list, share, percentile, longest week streak; biri diğerine / ile bölünebilir.
        computed.name-help | Letters and digits; it stays for ever. | Letras y cifras; es para siempre. | Harf ve rakam; hep aynı kalır.
        computed.name-wrong | A name has 1 to 64 letters, digits and _, with hyphens between them. | Un nombre tiene de 1 a 64 letras, cifras y _, con guiones entre ellas. | Bir ad 1 ile 64 arası harf, rakam ve _ içerir; aralarında tire olabilir.
        computed.name-taken | There is a trait of this name already. | Ya hay un atributo con este nombre. | Bu adda bir özellik zaten var.
        computed.answer-empty | How the values lie will stand here. | Aquí aparecerá cómo se reparten los valores. | Değerlerin dağılımı burada görünecek.
        computed.answer-of | have a value, of 1 profile ~ have a value, of {n} profiles | tienen un valor, de 1 perfil ~ tienen un valor, de {n} perfiles | kişinin değeri var, toplam {n} profilden
        computed.badge | computed | calculado | hesaplanan
        computed.as-of | as of {time}, days of {zone} | a {time}, días de {zone} | {time} itibarıyla, günler: {zone}
        """#
}

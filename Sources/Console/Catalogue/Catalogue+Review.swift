extension Catalogue {
    /// Pairs that may be one person, and how good matching is.
    static let review = #"""
        review.sentence | Two profiles that may be one person. Your answers become facts, and teach how far probabilities can be trusted. | Dos perfiles que pueden ser la misma persona. Tus respuestas pasan a ser hechos y enseñan hasta dónde fiarse de las probabilidades. | Aynı kişi olabilecek iki profil. Yanıtlarınız olgu olarak kaydedilir ve olasılıklara ne kadar güvenilebileceğini öğretir.
        review.waiting | 1 pair waits ~ {n} pairs wait | 1 pareja espera ~ {n} parejas esperan | {n} çift bekliyor
        review.empty-title | Nothing to review | Nada que revisar | İncelenecek bir şey yok
        review.empty-text | When two profiles look like one person, they appear here within a second. | Cuando dos perfiles parezcan la misma persona, aparecerán aquí en un segundo. | İki profil aynı kişi gibi göründüğünde bir saniye içinde burada belirir.
        review.learning | Everyone is being compared for the first time; pairs appear when that is done. | Se está comparando a todos por primera vez; las parejas aparecerán al terminar. | Herkes ilk kez karşılaştırılıyor; bitince çiftler burada görünecek.
        review.question | Are these the same person? | ¿Son la misma persona? | Bu ikisi aynı kişi mi?
        review.probability | {percent} likely | {percent} probable | {percent} olası
        review.field | What | Qué | Ne
        review.compare | Comparison | Comparación | Karşılaştırma
        review.equal | the same | igual | aynı
        review.unequal | differs | distinto | farklı
        review.one-sided | only one has it | solo en uno | yalnızca birinde
        review.identifiers | Identifiers | Identificadores | Kimlikler
        review.seen | Last seen | Última vez | Son görülme
        review.same | Same person | Misma persona | Aynı kişi
        review.different | Different people | Personas distintas | Farklı kişiler
        review.unsure | Not sure | No lo sé | Emin değilim
        review.keys | Keys 1, 2 and 3 answer. | Las teclas 1, 2 y 3 responden. | 1, 2 ve 3 tuşları yanıtlar.
        review.evidence | Evidence | Indicios | Kanıtlar
        review.evidence-help | +10 means 1,024 times likelier for one person than for two strangers; a negative number speaks against. | +10 significa 1024 veces más probable en una persona que en dos desconocidas; un número negativo habla en contra. | +10, iki yabancıya göre tek kişi için 1.024 kat daha olası demektir; eksi sayı aleyhtedir.
        review.no-evidence | One of the two is not compared just now. | Uno de los dos no se compara en este momento. | İkisinden biri şu anda karşılaştırılmıyor.
        review.quality | Quality and settings | Calidad y ajustes | Kalite ve ayarlar
        notice.review-same | The two are one person now; it can be undone from the profile. | Ahora son una sola persona; se puede deshacer desde el perfil. | İkisi artık tek kişi; profilden geri alınabilir.
        notice.review-different | The two stay two people. | Siguen siendo dos personas. | İkisi ayrı kişi olarak kalıyor.
        notice.review-unsure | The pair is set aside. | La pareja queda apartada. | Çift bir kenara kondu.
        notice.review-gone | That pair is no pair any more: it was merged, answered or erased meanwhile. | Esa pareja ya no existe: se fusionó, se respondió o se borró entretanto. | O çift artık yok: bu arada birleştirildi, yanıtlandı ya da silindi.
        notice.company-same | The two are one account now; it can be undone under Who is who. | Ahora son una sola cuenta; se puede deshacer en Quién es quién. | İkisi artık tek hesap; Kim kimdir bölümünden geri alınabilir.
        notice.company-different | The two stay two accounts. | Siguen siendo dos cuentas. | İkisi ayrı hesap olarak kalıyor.
        companies.title | Possible duplicates | Posibles duplicados | Olası yinelenenler
        companies.sentence | Accounts that may be one company, by legal name, website, numbers and address. | Cuentas que pueden ser una misma empresa, por razón social, web, números y dirección. | Unvan, web sitesi, numara ve adrese göre aynı şirket olabilecek hesaplar.
        companies.empty-title | No duplicates | Sin duplicados | Yinelenen yok
        companies.empty-text | When two accounts look like one company, they appear here. | Cuando dos cuentas parezcan la misma empresa, aparecerán aquí. | İki hesap aynı şirket gibi göründüğünde burada belirir.
        companies.same | Same company | Misma empresa | Aynı şirket
        companies.different | Different companies | Empresas distintas | Farklı şirketler
        notice.match-saved | The settings are saved. | Los ajustes se guardaron. | Ayarlar kaydedildi.
        quality.title | Quality of matching | Calidad del emparejamiento | Eşleştirme kalitesi
        quality.sentence | How often matching is right, by what people answered. | Con qué frecuencia acierta, según lo que respondieron las personas. | İnsanların yanıtlarına göre eşleştirmenin ne kadar doğru olduğu.
        quality.precision | Precision at the threshold | Precisión en el umbral | Eşikte kesinlik
        quality.recall | Recall | Exhaustividad | Duyarlılık
        quality.answers | Answers | Respuestas | Yanıtlar
        quality.open | Waiting | En espera | Bekleyen
        quality.interval | between {low} and {high} | entre {low} y {high} | {low} ile {high} arası
        quality.none | No pair yet | Aún no hay parejas | Henüz çift yok
        quality.chart | Is what is called likely so? | ¿Es tan probable como se dice? | Olası denilen gerçekten öyle mi?
        quality.chart-help | Each point is a band of probability: across what was told, upwards what people answered. On the line, the two agree; the bar is where the truth lies with 95 % certainty. | Cada punto es una franja de probabilidad: en horizontal lo indicado, en vertical lo respondido. Sobre la línea coinciden; la barra marca dónde está la verdad con un 95 % de certeza. | Her nokta bir olasılık aralığıdır: yatayda söylenen, dikeyde yanıtlanan. Çizgi üzerinde ikisi aynıdır; çubuk gerçeğin yüzde 95 güvenle nerede olduğunu gösterir.
        quality.chart-empty | Answer some pairs, and the chart shows how far probabilities were right. | Responde algunas parejas y el gráfico mostrará hasta qué punto acertaron las probabilidades. | Birkaç çifti yanıtlayın; grafik olasılıkların ne kadar doğru çıktığını gösterir.
        quality.told | Told | Indicado | Söylenen
        quality.band | Probability | Probabilidad | Olasılık
        quality.pairs | Pairs | Parejas | Çiftler
        quality.same | Same | Misma | Aynı
        quality.different | Different | Distintas | Farklı
        quality.share | Truly one person | De verdad una persona | Gerçekten tek kişi
        quality.settings | What becomes of pairs | Qué pasa con las parejas | Çiftlere ne olur
        quality.automatic | Merge likely pairs without asking | Fusionar sin preguntar las parejas probables | Olası çiftleri sormadan birleştir
        quality.automatic-help | Off unless you turn it on. Two profiles that each have a user id are never merged without asking. Every merge can be undone. | Desactivado salvo que lo actives. Dos perfiles con identificador de usuario propio nunca se fusionan sin preguntar. Toda fusión se puede deshacer. | Siz açmadıkça kapalıdır. Her ikisinin de kullanıcı kimliği olan profiller sormadan birleştirilmez. Her birleştirme geri alınabilir.
        quality.merge | Merge from | Fusionar desde | Birleştirme eşiği
        quality.review | Review from | Revisar desde | İnceleme eşiği
        quality.threshold-help | A probability, as 0.95. | Una probabilidad, como 0.95. | 0.95 gibi bir olasılık.
        quality.look | Look what would happen | Ver qué pasaría | Ne olacağına bak
        quality.would-merge | 1 pair that waits now would be merged ~ {n} pairs that wait now would be merged | Se fusionaría 1 pareja de las que esperan ~ Se fusionarían {n} parejas de las que esperan | Bekleyen {n} çift birleştirilirdi
        quality.would-review | 1 would wait for a person ~ {n} would wait for a person | 1 esperaría a una persona ~ {n} esperarían a una persona | {n} çift bir kişiyi beklerdi
        """#
}

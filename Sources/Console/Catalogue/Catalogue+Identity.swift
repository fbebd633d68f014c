extension Catalogue {
    /// Who is who: around one profile, and the rules of the workspace.
    static let identity = #"""
        who.open | Who is who | Quién es quién | Kim kimdir
        who.title | Who is {name}? | ¿Quién es {name}? | {name} kim?
        who.sentence | Why these identifiers are one profile, and a way to say otherwise. Everything can be taken back. | Por qué estos identificadores son un perfil, y cómo decir lo contrario. Todo se puede deshacer. | Bu tanımlayıcıların neden tek profil olduğu ve aksini söylemenin yolu. Her şey geri alınabilir.
        who.would | There would be 1 profile ~ There would be {n} profiles | Habría 1 perfil ~ Habría {n} perfiles | {n} profil olurdu
        who.shared | More people name these than one profile can be, so they are nobody's: | Los nombran más personas de las que caben en un perfil, así que no son de nadie: | Bunları tek profile sığmayacak kadar çok kişi kullanıyor; kimseye ait değiller:
        who.part-title | Part identifiers | Separar identificadores | Tanımlayıcıları ayır
        who.part-text | What you choose leaves this profile with its events, and stays apart whatever evidence comes. | Lo que elijas sale de este perfil con sus eventos y queda aparte, lleguen las pruebas que lleguen. | Seçtikleriniz olaylarıyla birlikte bu profilden çıkar ve hangi kanıt gelirse gelsin ayrı kalır.
        who.part-which | Identifiers to part | Identificadores que separar | Ayrılacak tanımlayıcılar
        who.part | Part them | Separarlos | Ayır
        who.merge-title | Merge or keep apart | Fusionar o mantener aparte | Birleştir ya da ayrı tut
        who.merge-text | Say what this profile and another one are to each other. | Indica qué relación hay entre este perfil y otro. | Bu profil ile bir başkasının ilişkisini belirtin.
        who.kind | Statement | Afirmación | Beyan
        who.kind-merge | One person | Una persona | Tek kişi
        who.kind-always | One person, always | Una persona, siempre | Her zaman tek kişi
        who.kind-never | Two people, always | Dos personas, siempre | Her zaman iki kişi
        who.kind-unmerge | Parted | Separados | Ayrıldı
        who.other | The other profile | El otro perfil | Diğer profil
        who.other-help | A profile's id, or an identifier as userId:ada or email:ada@example.com. | El id de un perfil, o un identificador como userId:ada o email:ada@example.com. | Bir profil kimliği ya da userId:ada, email:ada@example.com gibi bir tanımlayıcı.
        who.reason | Why | Por qué | Neden
        who.look | Preview | Vista previa | Önizle
        who.state | State it | Afirmarlo | Beyan et
        who.links | What was stated | Lo que se afirmó | Beyan edilenler
        who.no-links | Nothing was stated yet; the evidence alone decides. | Aún no se afirmó nada; deciden solo las pruebas. | Henüz bir şey beyan edilmedi; yalnızca kanıtlar belirliyor.
        who.sides | About | Sobre | Konu
        who.by | By | Por | Kim
        who.at | When | Cuándo | Ne zaman
        who.undo | Undo | Deshacer | Geri al
        who.undo-label | Undo {id} | Deshacer {id} | {id} geri al
        who.undone | Undone | Deshecha | Geri alındı
        who.not-in-force | not in force | sin efecto | yürürlükte değil
        who.probability | probability {percent} % | probabilidad {percent} % | olasılık %{percent}
        who.refused | What did not join them with others | Lo que no los unió con otros | Başkalarıyla birleştirmeyenler
        who.because | Why not | Por qué no | Neden değil
        who.because-two-users | Both were known users; a shared device does not make two users one. | Ambos eran usuarios conocidos; un dispositivo compartido no une a dos usuarios. | İkisi de tanınan kullanıcıydı; paylaşılan cihaz iki kullanıcıyı bir yapmaz.
        who.because-kept-apart | They are to be kept apart. | Deben mantenerse aparte. | Ayrı tutulmaları gerekiyor.
        who.because-taken | It belongs to the first who named it. | Pertenece al primero que lo nombró. | İlk kullanana aittir.
        who.because-limit | One profile would have more identifiers than the rules allow. | Un perfil tendría más identificadores de los que permiten las reglas. | Tek profilde kuralların izin verdiğinden çok tanımlayıcı olurdu.
        who.because-set-apart | So many people name it that it is nobody's. | Lo nombran tantas personas que no es de nadie. | O kadar çok kişi kullanıyor ki kimseye ait değil.
        who.other-profile | The other profile | El otro perfil | Diğer profil
        notice.link-stated | Stated, and in force. It can be taken back below. | Afirmado y en vigor. Puedes deshacerlo abajo. | Beyan edildi ve yürürlükte. Aşağıdan geri alabilirsiniz.
        notice.link-undone | Taken back: all is as if it had never been stated. | Deshecho: todo queda como si nunca se hubiera afirmado. | Geri alındı: her şey hiç beyan edilmemiş gibi.
        notice.rules-set | The rules are set. Everyone is being decided anew; until then the former ones hold. | Reglas guardadas. Se está decidiendo todo de nuevo; hasta entonces valen las anteriores. | Kurallar kaydedildi. Herkes yeniden belirleniyor; o ana dek öncekiler geçerli.
        rules.title | Rules of identity | Reglas de identidad | Kimlik kuralları
        rules.sentence | Which identifiers make people one, and which values are nobody's. A change is previewed on everyone, and applies to the past too. | Qué identificadores unen a las personas y qué valores no son de nadie. Un cambio se previsualiza con todos y vale también para el pasado. | Hangi tanımlayıcıların kişileri birleştirdiği, hangi değerlerin kimseye ait olmadığı. Değişiklik herkes üzerinde önizlenir ve geçmişe de uygulanır.
        rules.usual | The usual rules; nobody has changed them. | Las reglas habituales; nadie las ha cambiado. | Olağan kurallar; kimse değiştirmedi.
        rules.version | Version {version} by {author}, {time} | Versión {version} de {author}, {time} | Sürüm {version}, {author}, {time}
        rules.resolving | Everyone is being decided anew: {percent} % of the log are read. Until then the former rules hold. | Se está decidiendo todo de nuevo: leído el {percent} % del registro. Hasta entonces valen las reglas anteriores. | Herkes yeniden belirleniyor: günlüğün %{percent} kadarı okundu. O ana dek önceki kurallar geçerli.
        rules.types | Types of identifier | Tipos de identificador | Tanımlayıcı türleri
        rules.type | Type | Tipo | Tür
        rules.new-type | New type | Tipo nuevo | Yeni tür
        rules.use | Use | Uso | Kullanım
        rules.use-join | joins people | une personas | kişileri birleştirir
        rules.use-attach | belongs to the first | es del primero | ilk kullananındır
        rules.use-ignore | is ignored | se ignora | yok sayılır
        rules.limit | At most | Como mucho | En çok
        rules.window | Within | En | Süre
        rules.window-ever | ever | siempre | her zaman
        rules.window-year | a year | un año | bir yıl
        rules.window-month | 30 days | 30 días | 30 gün
        rules.window-week | 7 days | 7 días | 7 gün
        rules.window-day | a day | un día | bir gün
        rules.shared-by | Nobody's above | De nadie desde | Kimsenin, üstünde
        rules.paths | Where it stands | Dónde está | Nerede
        rules.field | a field of every call | campo de cada llamada | her çağrının alanı
        rules.blocked | Blocked values | Valores bloqueados | Engellenen değerler
        rules.blocked-values | Values that are no identifiers | Valores que no identifican | Tanımlayıcı olmayan değerler
        rules.blocked-help | One on each line; * stands for any text, ? for one character. Of one type only: email=*@test.example. Values such as null, -1 or zeros are always blocked. | Uno por línea; * es cualquier texto, ? un carácter. Solo de un tipo: email=*@test.example. Valores como null, -1 o ceros siempre están bloqueados. | Her satıra bir tane; * herhangi bir metin, ? tek karakterdir. Tek tür için: email=*@test.example. null, -1 ya da sıfırlar gibi değerler her zaman engellidir.
        rules.set | Set the rules | Guardar las reglas | Kuralları kaydet
        rules.difference | What would change | Qué cambiaría | Ne değişirdi
        rules.profiles-before | Profiles now | Perfiles ahora | Şimdiki profiller
        rules.profiles-after | Profiles then | Perfiles después | Sonraki profiller
        rules.joining | Would be joined | Se unirían | Birleşecekler
        rules.parting | Would fall apart | Se separarían | Ayrılacaklar
        rules.set-apart | Identifiers that would be nobody's | Identificadores que no serían de nadie | Kimseye ait olmayacak tanımlayıcılar
        rules.samples | Some of them | Algunos de ellos | Bazıları
        rules.before | As they are | Como son | Şu an
        rules.after | As they would be | Como serían | Sonra
        """#
}

extension Catalogue {
    /// Profiles, one profile, erasure, evidence.
    static let people = #"""
        profiles.sentence | Everyone we know, found by any name or identifier. | Todas las personas que conocemos, por cualquier nombre o identificador. | Tanıdığımız herkes; herhangi bir ad ya da tanımlayıcıyla bulunur.
        profiles.total | 1 profile ~ {n} profiles | 1 perfil ~ {n} perfiles | {n} profil
        profiles.search | Name or identifier | Nombre o identificador | Ad ya da tanımlayıcı
        profiles.search-hint | Ada, ada@wren.example, userId… | Ada, ada@wren.example, userId… | Ada, ada@wren.example, userId…
        profiles.merged-only | Merged people only | Solo personas fusionadas | Yalnızca birleştirilenler
        profiles.show-all | Show all profiles | Ver todos los perfiles | Tüm profilleri göster
        profiles.empty-title | No profiles yet | Aún no hay perfiles | Henüz profil yok
        profiles.empty-text | The first event with a userId or an anonymousId makes the first profile. | El primer evento con un userId o un anonymousId crea el primer perfil. | userId ya da anonymousId taşıyan ilk olay, ilk profili oluşturur.
        profiles.none-title | Nobody fits this search | Nadie coincide con esta búsqueda | Bu aramaya uyan kimse yok
        profiles.none-text | Names and email addresses may be typed in part; other identifiers need to be whole. | Los nombres y correos pueden escribirse en parte; los demás identificadores, enteros. | Ad ve e-postanın bir kısmı yeter; diğer tanımlayıcılar tam yazılmalıdır.
        profile.nameless | Someone without a name | Alguien sin nombre | Adı olmayan biri
        profile.opted-out | Opted out of sale and sharing. | Ha rechazado la venta y el uso compartido de sus datos. | Satışa ve paylaşıma karşı çıktı.
        profile.opted-out-signal | Their browser says so by Global Privacy Control, {time}. Message: | Lo dice su navegador mediante Global Privacy Control, {time}. Mensaje: | Tarayıcısı Global Privacy Control ile bunu söylüyor, {time}. İleti:
        profile.opted-out-stated | They chose it, {time}. Message: | Lo eligió así, {time}. Mensaje: | Bunu kendisi seçti, {time}. İleti:
        profile.kind-person | Person | Persona | Kişi
        profile.kind-account | Account | Cuenta | Hesap
        profile.events | 1 event ~ {n} events | 1 evento ~ {n} eventos | {n} olay
        profile.first-seen | first seen | visto por primera vez | ilk görülme
        profile.seen-unknown | not known | no se sabe | bilinmiyor
        profile.last-seen | last seen | por última vez | son görülme
        profile.traits | Traits | Atributos | Özellikler
        profile.no-traits | Nothing was said about this person yet. An identify call with traits fills this. | Aún no se ha dicho nada de esta persona. Una llamada identify con traits lo completa. | Bu kişi hakkında henüz bir şey söylenmedi. Özellik taşıyan bir identify çağrısı burayı doldurur.
        profile.from | {source}, {time} | {source}, {time} | {source}, {time}
        profile.changes | 1 change ~ {n} changes | 1 cambio ~ {n} cambios | {n} değişiklik
        profile.earlier | Earlier values | Valores anteriores | Önceki değerler
        profile.no-history | It never had another value. | Nunca tuvo otro valor. | Başka bir değeri olmadı.
        profile.timeline | Timeline | Cronología | Zaman çizelgesi
        profile.no-events | No events up to this time. | Sin eventos hasta este momento. | Bu ana dek olay yok.
        profile.message | The message | El mensaje | İleti
        profile.received | Received {time} | Recibido {time} | Alındı: {time}
        profile.identifiers | Identifiers | Identificadores | Tanımlayıcılar
        profile.why-one | Why this is one person | Por qué es una sola persona | Neden tek kişi
        profile.one-identifier | Known by one identifier only, so there was nothing to merge. | Se conoce por un solo identificador, así que no había nada que fusionar. | Tek tanımlayıcıyla biliniyor; birleştirilecek bir şey yoktu.
        profile.as-of | As of | A fecha de | Tarih
        profile.now | Now | Ahora | Şimdi
        profile.back-to-now | Back to now | Volver a ahora | Şimdiye dön
        profile.show | Show | Mostrar | Göster
        evidence.same-call | {from} and {to} came in one {call} call from {source}, {time}. | {from} y {to} llegaron en una misma llamada {call} de {source}, {time}. | {from} ile {to}, {source} kaynağından tek bir {call} çağrısında geldi, {time}.
        evidence.alias | An alias call from {source} said that {from} is {to}, {time}. | Una llamada alias de {source} dijo que {from} es {to}, {time}. | {source} kaynağından bir alias çağrısı {from} ile {to} aynıdır dedi, {time}.
        evidence.person | Someone decided in the console that {from} and {to} belong together, {time}. | Alguien decidió en la consola que {from} y {to} van juntos, {time}. | Konsolda biri {from} ile {to} aynı kişi olduğuna karar verdi, {time}.
        evidence.rule | The rule {rule} joined {from} and {to} on an event from {source}, {time}. | La regla {rule} unió {from} y {to} con un evento de {source}, {time}. | {rule} kuralı, {source} kaynağından bir olayla {from} ile {to} tanımlayıcılarını birleştirdi, {time}.
        erase.button | Erase | Borrar | Sil
        erase.title | Erase {name}? | ¿Borrar a {name}? | {name} silinsin mi?
        erase.events | 1 event is deleted from the log. ~ {n} events are deleted from the log. | Se elimina 1 evento del registro. ~ Se eliminan {n} eventos del registro. | {n} olay kayıttan silinir.
        erase.traits | 1 trait and its history are deleted. ~ {n} traits and their history are deleted. | Se elimina 1 atributo y su historial. ~ Se eliminan {n} atributos y su historial. | {n} özellik ve geçmişi silinir.
        erase.identifiers | 1 identifier is forgotten; if it is sent again, it starts a new person. ~ {n} identifiers are forgotten; if one is sent again, it starts a new person. | Se olvida 1 identificador; si vuelve a llegar, empieza una persona nueva. ~ Se olvidan {n} identificadores; si alguno vuelve a llegar, empieza una persona nueva. | {n} tanımlayıcı unutulur; yeniden gelirse yeni bir kişi başlar.
        erase.forever | This cannot be undone. | No se puede deshacer. | Bu geri alınamaz.
        erase.submit | Erase this person | Borrar a esta persona | Bu kişiyi sil
        """#
}

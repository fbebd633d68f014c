extension Catalogue {
    /// Accounts: all of them, one of them, and who belongs where.
    static let accounts = #"""
        section.accounts | Accounts | Cuentas | Hesaplar
        accounts.sentence | Companies and other groups that people belong to, by their ids and names. | Empresas y otros grupos a los que pertenecen las personas, por su identificador y nombre. | Kişilerin üye olduğu şirketler ve diğer gruplar; kimlik ve adlarıyla.
        accounts.total | 1 account ~ {n} accounts | 1 cuenta ~ {n} cuentas | {n} hesap
        accounts.search | Name or groupId | Nombre o groupId | Ad ya da groupId
        accounts.show-all | Show all accounts | Ver todas las cuentas | Tüm hesapları göster
        accounts.empty-title | No accounts yet | Aún no hay cuentas | Henüz hesap yok
        accounts.empty-text | The first group call makes the first account, and whoever sent it belongs to it. | La primera llamada group crea la primera cuenta, y quien la envió pertenece a ella. | İlk group çağrısı ilk hesabı oluşturur; gönderen kişi de üyesi olur.
        accounts.none-title | No account fits this search | Ninguna cuenta coincide con esta búsqueda | Bu aramaya uyan hesap yok
        accounts.none-text | Ids and names may be typed in part. | Los identificadores y nombres pueden escribirse en parte. | Kimlik ve adların bir kısmı yeter.
        accounts.condition | Only accounts where | Solo cuentas donde | Yalnızca şu hesaplar
        accounts.condition-help | Their traits, and how many members satisfy what; docs/accounts.md has the grammar. | Sus atributos y cuántos miembros cumplen qué; la gramática está en docs/accounts.md. | Özellikleri ve kaç üyenin neyi sağladığı; dil bilgisi docs/accounts.md içinde.
        accounts.ask | Ask | Preguntar | Sor
        accounts.condition-hint | industry = "Hotels" and any member with role "buyer" | industry = "Hotels" and any member with role "buyer" | industry = "Hotels" and any member with role "buyer"
        accounts.found | 1 account satisfies it ~ {n} accounts satisfy it | 1 cuenta lo cumple ~ {n} cuentas lo cumplen | {n} hesap koşulu sağlıyor
        accounts.saved | Account segments | Segmentos de cuentas | Hesap segmentleri
        accounts.save | Keep it as an account segment | Guardarlo como segmento de cuentas | Hesap segmenti olarak sakla
        notice.account-segment-deleted | The account segment is deleted. | El segmento de cuentas se ha eliminado. | Hesap segmenti silindi.
        accounts.delete | Delete the account segment {name} | Eliminar el segmento de cuentas {name} | {name} hesap segmentini sil
        notice.account-segment-saved | The account segment is saved. | El segmento de cuentas se ha guardado. | Hesap segmenti kaydedildi.
        column.account | Account | Cuenta | Hesap
        account.active | Members now | Miembros ahora | Şu anki üyeler
        account.members-ever | Members ever | Miembros en total | Bugüne dek üyeler
        account.revenue | Revenue | Ingresos | Gelir
        account.rollup-help | Of this account and everything below it, and only what people did as its members. Who objects to analytics is left out. | De esta cuenta y de todo lo que está debajo, y solo lo que las personas hicieron como miembros. No incluye a quien se opone a la analítica. | Bu hesap ve altındaki her şey için; yalnızca kişilerin üye olarak yaptıkları. Analize karşı çıkanlar dahil değildir.
        account.members | Who belonged here, and when | Quién perteneció aquí y cuándo | Kim, ne zaman üyeydi
        account.no-members | Nobody has joined it yet. | Nadie se ha unido todavía. | Henüz kimse katılmadı.
        account.roles | Roles | Funciones | Roller
        account.from | Since | Desde | Başlangıç
        account.to | Until | Hasta | Bitiş
        account.lasts | now | ahora | şimdi
        account.no-traits | Nothing was said about this account yet. | Aún no se ha dicho nada de esta cuenta. | Bu hesap hakkında henüz bir şey söylenmedi.
        account.history | Sources and history | Fuentes e historial | Kaynaklar ve geçmiş
        account.below | Accounts below it | Cuentas por debajo | Altındaki hesaplar
        account.no-children | No account names it as its parent. | Ninguna cuenta la indica como superior. | Hiçbir hesap onu üst hesap olarak göstermiyor.
        account.circle | Its own parents lead back to it, so it stands at the top. Correct the trait parentId of one of them. | Sus cuentas superiores vuelven a ella, así que está arriba del todo. Corrige el atributo parentId de una de ellas. | Üst hesapları kendisine geri dönüyor; bu yüzden en üstte duruyor. Birinin parentId özelliğini düzeltin.
        account.events | What its members did as such | Lo que hicieron sus miembros como tales | Üyelerin bu sıfatla yaptıkları
        account.last-event | last event | último evento | son olay
        account.no-events | none yet | ninguno aún | henüz yok
        account.segment | New segment of its members | Nuevo segmento de sus miembros | Üyelerinden yeni segment
        section.survivorship | Trait rules | Reglas de atributos | Özellik kuralları
        survivorship.sentence | Which of several statements of a trait counts. Those that do not count are kept and shown beside it. | Cuál de varias afirmaciones de un atributo cuenta. Las demás se conservan y se muestran al lado. | Bir özellik hakkındaki birkaç ifadeden hangisinin geçerli olduğu. Diğerleri saklanır ve yanında gösterilir.
        survivorship.empty-title | The latest statement counts | Cuenta la última afirmación | Son ifade geçerli
        survivorship.empty-text | Set a rule where another one should: by source, by how often it was said, or by how much it says. | Define una regla donde deba contar otra: por fuente, por frecuencia o por lo completa que sea. | Başka biri geçerli olsun istiyorsanız kural koyun: kaynağa, ne sıklıkta söylendiğine ya da ne kadar eksiksiz olduğuna göre.
        survivorship.trait | Trait | Atributo | Özellik
        survivorship.rule | What counts | Qué cuenta | Geçerli olan
        survivorship.rule-latest | The latest statement | La última afirmación | Son ifade
        survivorship.rule-sources | The first source that says anything | La primera fuente que diga algo | Bir şey söyleyen ilk kaynak
        survivorship.rule-frequent | What was said most often | Lo que se dijo más veces | En sık söylenen
        survivorship.rule-complete | What says most | Lo más completo | En eksiksiz olan
        survivorship.rule-verified | A verified source, before the others | Una fuente verificada antes que las demás | Diğerlerinden önce doğrulanmış kaynak
        survivorship.sources-help | In their order, with commas; only for the rules that go by sources. There are: {names}. | En orden y con comas; solo para las reglas por fuentes. Hay: {names}. | Sırasıyla, virgülle; yalnızca kaynağa göre kurallarda. Olanlar: {names}.
        survivorship.set | Set the rule of a trait | Definir la regla de un atributo | Bir özelliğin kuralını belirle
        survivorship.set-help | Profiles and segments follow at once. Choose the latest statement to take a rule back. | Los perfiles y segmentos lo siguen al momento. Elige la última afirmación para quitar una regla. | Profiller ve segmentler hemen uyar. Kuralı kaldırmak için son ifadeyi seçin.
        survivorship.version | Saved once ~ Saved {n} times | Guardadas una vez ~ Guardadas {n} veces | {n} kez kaydedildi
        notice.rule-saved | The rule is saved, and profiles and segments go by it. | La regla se ha guardado y ya se aplica. | Kural kaydedildi ve uygulanıyor.
        profile.memberships | Accounts they belong to | Cuentas a las que pertenece | Üye olduğu hesaplar
        profile.things | What else they have | Qué más tiene | Sahip olduğu diğer şeyler
        column.thing | Thing | Cosa | Şey
        profile.kind-entity | Thing | Cosa | Şey
        profile.open-account | Members, tree and events of this account | Miembros, jerarquía y eventos de esta cuenta | Bu hesabın üyeleri, ağacı ve olayları

        """#
}

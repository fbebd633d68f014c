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
        profile.memberships | Accounts they belong to | Cuentas a las que pertenece | Üye olduğu hesaplar
        profile.open-account | Members, tree and events of this account | Miembros, jerarquía y eventos de esta cuenta | Bu hesabın üyeleri, ağacı ve olayları

        """#
}

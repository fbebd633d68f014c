extension Phrases {
    static let values = """
        and | and | y | ve
        or | or | o | ya da
        not | not ({text}) | no ({text}) | ({text}) değil
        thing.has | has a {account} {roles} | tiene {account} {roles} | şuna sahip {roles}: {account}
        thing.had | had at some time a {account} {roles} | tuvo alguna vez {account} {roles} | bir zaman şuna sahipti {roles}: {account}
        account.any | any account | cualquier cuenta | herhangi bir hesap
        account.named | account {names} | la cuenta {names} | {names} hesabı
        account.under | account {names} and what is below it | la cuenta {names} y lo que está debajo | {names} hesabı ve altındakiler
        account.roles | as {roles} | como {roles} | {roles} rolüyle
        account.context | as a member of {account} {roles} | como miembro de {account} {roles} | şu üyelikle {roles}: {account}
        account.trait | {name} {context} | {name} {context} | {context} {name}
        account.is | belongs to {account} {roles} | pertenece a {account} {roles} | şuraya üye {roles}: {account}
        account.was | belonged at some time to {account} {roles} | perteneció alguna vez a {account} {roles} | bir zaman şuraya üyeydi {roles}: {account}
        everyone | everyone | todas las personas | herkes
        nobody | nobody | nadie | hiç kimse
        more | {list} or 1 more ~ {list} or {n} more | {list} o 1 más ~ {list} o {n} más | {list} ya da {n} tane daha
        true | true | verdadero | doğru
        false | false | falso | yanlış
        version | version {version} | versión {version} | {version} sürümü
        ignoring-case | {text} (ignoring case) | {text} (sin distinguir mayúsculas) | {text} (büyük küçük harf ayrımı olmadan)
        ignoring-accents | {text} (ignoring case and accents) | {text} (sin distinguir mayúsculas ni acentos) | {text} (büyük küçük harf ve işaret ayrımı olmadan)
        unit.second | 1 second ~ {n} seconds | 1 segundo ~ {n} segundos | {n} saniye
        unit.minute | 1 minute ~ {n} minutes | 1 minuto ~ {n} minutos | {n} dakika
        unit.hour | 1 hour ~ {n} hours | 1 hora ~ {n} horas | {n} saat
        unit.day | 1 day ~ {n} days | 1 día ~ {n} días | {n} gün
        unit.week | 1 week ~ {n} weeks | 1 semana ~ {n} semanas | {n} hafta
        unit.month | 1 month ~ {n} months | 1 mes ~ {n} meses | {n} ay
        unit.quarter | 1 quarter ~ {n} quarters | 1 trimestre ~ {n} trimestres | {n} çeyrek
        unit.year | 1 year ~ {n} years | 1 año ~ {n} años | {n} yıl
        value.equals | {name} is {value} | {name} es {value} | {name} değeri {value}
        value.differs | {name} is not {value} | {name} no es {value} | {name} değeri {value} değil
        value.less | {name} is less than {value} | {name} es menor que {value} | {name} {value} değerinden küçük
        value.at-most | {name} is at most {value} | {name} es como máximo {value} | {name} en çok {value}
        value.more | {name} is more than {value} | {name} es mayor que {value} | {name} {value} değerinden büyük
        value.at-least | {name} is at least {value} | {name} es como mínimo {value} | {name} en az {value}
        value.between | {name} is between {from} and {to} | {name} está entre {from} y {to} | {name} {from} ile {to} arasında
        value.one-of | {name} is {value} | {name} es {value} | {name} değeri {value}
        value.none-of | {name} is none of {value} | {name} no es {value} | {name} değeri {value} değil
        value.contains | {name} contains {value} | {name} contiene {value} | {name} içinde {value} geçiyor
        value.omits | {name} does not contain {value} | {name} no contiene {value} | {name} içinde {value} geçmiyor
        value.starts | {name} starts with {value} | {name} empieza por {value} | {name} {value} ile başlıyor
        value.ends | {name} ends with {value} | {name} termina en {value} | {name} {value} ile bitiyor
        value.matches | {name} matches {value} | {name} sigue el patrón {value} | {name} {value} kalıbına uyuyor
        value.exists | {name} is known | {name} se conoce | {name} biliniyor
        value.missing | {name} is unknown | {name} no se conoce | {name} bilinmiyor
        value.trueOrUnknown | {name} is true or unknown | {name} es verdadero o no se conoce | {name} doğru ya da bilinmiyor
        value.falseOrUnknown | {name} is false or unknown | {name} es falso o no se conoce | {name} yanlış ya da bilinmiyor
        value.within-last | {name} was at most {value} ago | {name} fue hace {value} como máximo | {name} son {value} içinde
        value.within-next | {name} is at most {value} ahead | {name} será en {value} como máximo | {name} gelecek {value} içinde
        value.more-than-ago | {name} was more than {value} ago | {name} fue hace más de {value} | {name} {value} öncesinden eski
        value.more-than-ahead | {name} is more than {value} ahead | {name} será en más de {value} | {name} {value} sonrasından ileri
        value.anniversary | the anniversary of {name} is within {value} | el aniversario de {name} es dentro de {value} | {name} yıl dönümü gelecek {value} içinde
        value.anyItem | some element of {name} has {filter} | algún elemento de {name} tiene {filter} | {name} içinde bir öğe için {filter}
        value.allItems | every element of {name} has {filter} | todos los elementos de {name} tienen {filter} | {name} içindeki her öğe için {filter}
        value.noItem | no element of {name} has {filter} | ningún elemento de {name} tiene {filter} | {name} içindeki hiçbir öğe için {filter} değil
        item-count | the number of elements of {name} | el número de elementos de {name} | {name} öğe sayısı
        item-count-where | the number of elements of {name} where {filter} | el número de elementos de {name} con {filter} | {name} içinde {filter} olan öğelerin sayısı
        item-sum | the sum of {path} of the elements of {name} | la suma de {path} de los elementos de {name} | {name} öğelerinin {path} toplamı
        item-sum-where | the sum of {path} of the elements of {name} where {filter} | la suma de {path} de los elementos de {name} con {filter} | {name} içinde {filter} olan öğelerin {path} toplamı
        value.remainder | {name} divided by {divisor} leaves {rest} | {name} dividido entre {divisor} deja {rest} | {name} {divisor} ile bölününce {rest} kalıyor

        """

    static let events = """
        page | page {name} | la página {name} | {name} sayfası
        any-page | any page | cualquier página | herhangi bir sayfa
        screen | screen {name} | la pantalla {name} | {name} ekranı
        any-screen | any screen | cualquier pantalla | herhangi bir ekran
        anything | anything | cualquier cosa | herhangi bir şey
        where | {event} where {filter} | {event} con {filter} | ({filter} olan) {event}
        hours | the hour is from {from} to {to} | la hora es de {from} a {to} | saat {from} ile {to} arasında
        weekdays | the day is {days} | el día es {days} | gün {days}
        day.1 | Monday | lunes | pazartesi
        day.2 | Tuesday | martes | salı
        day.3 | Wednesday | miércoles | çarşamba
        day.4 | Thursday | jueves | perşembe
        day.5 | Friday | viernes | cuma
        day.6 | Saturday | sábado | cumartesi
        day.7 | Sunday | domingo | pazar
        statement.changed | the last change of {name} | el último cambio de {name} | {name} son değişikliği
        statement.set | when {name} was said | cuándo se dijo {name} | {name} bildirildiği an
        statement.source | the source of {name} | la fuente de {name} | {name} kaynağı
        seen.first | the first call of the person | la primera llamada de la persona | kişinin ilk çağrısı
        seen.last | the last call of the person | la última llamada de la persona | kişinin son çağrısı
        rank.top | {name} is among the highest {size} | {name} está entre los {size} más altos | {name} en yüksek {size} arasında
        rank.bottom | {name} is among the lowest {size} | {name} está entre los {size} más bajos | {name} en düşük {size} arasında
        sessions | sessions | sesiones | oturumlar
        sessions-gap | sessions with gaps up to {period} | sesiones con pausas de hasta {period} | araları en çok {period} olan oturumlar
        session.duration | duration in seconds | duración en segundos | saniye süresi
        session.events | number of events | número de eventos | olay sayısı
        session.pages | number of pages | número de páginas | sayfa sayısı
        session.screens | number of screens | número de pantallas | ekran sayısı
        did | did {event} {times} {window} | hizo {event} {times} {window} | {window} {times} {event} yaptı
        did-not | did not do {event} {window} | no hizo {event} {window} | {window} {event} yapmadı
        times.at-least | at least once ~ at least {n} times | al menos una vez ~ al menos {n} veces | en az {n} kez
        times.at-most | at most once ~ at most {n} times | una vez como máximo ~ {n} veces como máximo | en çok {n} kez
        times.exactly | exactly once ~ exactly {n} times | exactamente una vez ~ exactamente {n} veces | tam {n} kez
        times.between | {from} to {to} times | de {from} a {to} veces | {from} ile {to} kez arasında
        window.last | in the last {period} | en los últimos {period} | son {period} içinde
        window.last-she | in the last {period} | en las últimas {period} | son {period} içinde
        window.from-to | from {from} to {to} | de {from} a {to} | {from} ile {to} arasında
        window.since | since {from} | desde {from} | {from} sonrasında
        window.before | before {to} | antes de {to} | {to} öncesinde
        ago | {period} ago | hace {period} | {period} önce
        ahead | {period} ahead | dentro de {period} | {period} sonra
        start | the start of {unit} | el comienzo de {unit} | {unit} başı
        this.day | today | hoy | bugün
        this.week | this week | esta semana | bu hafta
        this.month | this month | este mes | bu ay
        this.quarter | this quarter | este trimestre | bu çeyrek
        this.year | this year | este año | bu yıl
        last.day | yesterday | ayer | dün
        last.week | last week | la semana pasada | geçen hafta
        last.month | last month | el mes pasado | geçen ay
        last.quarter | last quarter | el trimestre pasado | geçen çeyrek
        last.year | last year | el año pasado | geçen yıl
        measure.count | the number of {event} {window} | el número de {event} {window} | {window} {event} sayısı
        measure.sum | the sum of {path} of {event} {window} | la suma de {path} de {event} {window} | {window} {event} {path} toplamı
        measure.average | the average {path} of {event} {window} | la media de {path} de {event} {window} | {window} {event} {path} ortalaması
        measure.minimum | the smallest {path} of {event} {window} | el menor {path} de {event} {window} | {window} {event} en küçük {path}
        measure.maximum | the largest {path} of {event} {window} | el mayor {path} de {event} {window} | {window} {event} en büyük {path}
        measure.percentile | the {percent}th percentile of {path} of {event} {window} | el percentil {percent} de {path} de {event} {window} | {window} {event} {path} yüzde {percent} dilimi
        measure.median | the median {path} of {event} {window} | la mediana de {path} de {event} {window} | {window} {event} {path} ortancası
        measure.distinct | the number of different {path} of {event} {window} | el número de {path} distintos de {event} {window} | {window} {event} farklı {path} sayısı
        measure.mostFrequent | the most frequent {path} of {event} {window} | el {path} más frecuente de {event} {window} | {window} {event} en sık {path}
        measure.firstValue | the first {path} of {event} {window} | el primer {path} de {event} {window} | {window} {event} ilk {path}
        measure.lastValue | the last {path} of {event} {window} | el último {path} de {event} {window} | {window} {event} son {path}
        measure.firstTime | the first {event} {window} | el primer {event} {window} | {window} ilk {event} zamanı
        measure.lastTime | the last {event} {window} | el último {event} {window} | {window} son {event} zamanı
        measure.days | the number of days with {event} {window} | el número de días con {event} {window} | {window} {event} yapılan gün sayısı
        measure.share | the share where {filter} among {event} {window} | la proporción con {filter} entre {event} {window} | {window} {event} arasında {filter} olanların payı
        measure.distinctList | the different {path} of {event} {window} | los distintos {path} de {event} {window} | {window} {event} farklı {path} değerleri
        longestStreak.day | the most days in a row with {event} {window} | el mayor número de días seguidos con {event} {window} | {window} art arda {event} yapılan en çok gün
        longestStreak.week | the most weeks in a row with {event} {window} | el mayor número de semanas seguidas con {event} {window} | {window} art arda {event} yapılan en çok hafta
        longestStreak.month | the most months in a row with {event} {window} | el mayor número de meses seguidos con {event} {window} | {window} art arda {event} yapılan en çok ay
        currentStreak.day | the days in a row up to now with {event} {window} | los días seguidos hasta ahora con {event} {window} | {window} şimdiye dek art arda {event} yapılan gün
        currentStreak.week | the weeks in a row up to now with {event} {window} | las semanas seguidas hasta ahora con {event} {window} | {window} şimdiye dek art arda {event} yapılan hafta
        currentStreak.month | the months in a row up to now with {event} {window} | los meses seguidos hasta ahora con {event} {window} | {window} şimdiye dek art arda {event} yapılan ay
        rate.day | the number of {event} a day {window} | el número de {event} al día {window} | {window} günde {event} sayısı
        rate.week | the number of {event} a week {window} | el número de {event} a la semana {window} | {window} haftada {event} sayısı
        rate.month | the number of {event} a month {window} | el número de {event} al mes {window} | {window} ayda {event} sayısı
        trend.day | the growth of {event} from day to day {window} | el crecimiento de {event} de día en día {window} | {window} günden güne {event} artışı
        trend.week | the growth of {event} from week to week {window} | el crecimiento de {event} de semana en semana {window} | {window} haftadan haftaya {event} artışı
        trend.month | the growth of {event} from month to month {window} | el crecimiento de {event} de mes en mes {window} | {window} aydan aya {event} artışı
        measure.decayedCount | the number of {event} {window}, each counting half after {half-life} | el número de {event} {window}, cada uno a la mitad tras {half-life} | {window} her biri {half-life} sonra yarı sayılan {event} sayısı
        measure.decayedSum | the sum of {path} of {event} {window}, each counting half after {half-life} | la suma de {path} de {event} {window}, cada uno a la mitad tras {half-life} | {window} her biri {half-life} sonra yarı sayılan {event} {path} toplamı
        measure.latest | the newest {count} {path} of {event} {window} | los {count} {path} más recientes de {event} {window} | {window} {event} en yeni {count} {path}
        measure.slope | the daily growth of {path} of {event} {window} | el crecimiento diario de {path} de {event} {window} | {window} {event} {path} günlük artışı
        measure.affinity | the favourite {path} of {event} {window}, each counting half after {half-life} | el {path} preferido de {event} {window}, cada uno a la mitad tras {half-life} | {window} her biri {half-life} sonra yarı sayılan {event} gözde {path}
        ratio | {upper}, divided by {lower} | {upper}, dividido entre {lower} | {upper} bölü {lower}
        then | {text}, then {event} {within} | {text}, luego {event} {within} | {text}, sonra {within} {event}
        then-not | {text}, then no {event} {within} | {text}, luego ningún {event} {within} | {text}, sonra {within} {event} yok
        within | within {period} | en {period} | {period} içinde
        all-within | {text}, all within {period} | {text}, todo en {period} | {text}, hepsi {period} içinde
        same | {text}, with the same {paths} | {text}, con el mismo {paths} | {text}, aynı {paths} ile
        segment | is in segment {name} | está en el segmento {name} | {name} segmentinde
        segment-on | was in segment {name} on {time} | estaba en el segmento {name} el {time} | {time} tarihinde {name} segmentindeydi
        not-segment | is not in segment {name} | no está en el segmento {name} | {name} segmentinde değil
        list | is on list {name} | está en la lista {name} | {name} listesinde
        not-list | is not on list {name} | no está en la lista {name} | {name} listesinde değil
        bucket | is in buckets {from} to {to} of {salt} | está en los grupos {from} a {to} de {salt} | {salt} için {from} ile {to} arasındaki gruplarda
        bucket-share | is in {share} % of everyone, by {salt} | está en el {share} % de todas las personas, según {salt} | {salt} ile herkesin yüzde {share} kadarında

        """
}

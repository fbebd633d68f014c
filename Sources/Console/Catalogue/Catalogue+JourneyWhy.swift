extension Catalogue {
    /// Why somebody is in a journey or never came in, by the codes of `JourneyWhy`.
    static let journeyWhy = """
        journey-why.title | Why in each journey | Por qué en cada recorrido | Her yolculukta neden
        journey-why.help | Also where they never came in: worked out now, from what is in the log. | También donde nunca entraron: calculado ahora, con lo que hay en el registro. | Hiç girmedikleri yerler de dahil: günlükte olandan şimdi çıkarılır.
        journey-why.more | The first {n} journeys are shown. | Se muestran los primeros {n} recorridos. | İlk {n} yolculuk gösteriliyor.
        journey-why.inside | In it | Dentro | İçinde
        journey-why.held-out | Held out: counts, and gets nothing | Apartada: cuenta y no recibe nada | Ayrı tutulan: sayılır, bir şey almaz
        journey-why.left | Was in it and left | Estuvo y salió | Girdi ve çıktı
        journey-why.counting | It is waited for what is to be missing | Se espera lo que ha de faltar | Eksik kalması gereken bekleniyor
        journey-why.acted | What was to be missing came | Llegó lo que debía faltar | Eksik kalması gereken geldi
        journey-why.too-often | Began too often; the last time was refused | Empezó demasiadas veces; la última se rechazó | Çok sık başladı; sonuncusu reddedildi
        journey-why.not-started | The journey was never started | El recorrido nunca se inició | Yolculuk hiç başlatılmadı
        journey-why.stopped | The journey is stopped | El recorrido está detenido | Yolculuk durduruldu
        journey-why.paused | The journey is paused | El recorrido está en pausa | Yolculuk duraklatıldı
        journey-why.objects | They object to analytics | Se opone al análisis | Analize karşı çıkıyor
        journey-why.no-event | Has not done what begins it | No hizo lo que lo inicia | Başlatan şeyi yapmadı
        journey-why.where | Did it, but not as the journey asks | Lo hizo, pero no como pide el recorrido | Yaptı, ama yolculuğun istediği gibi değil
        journey-why.before-start | Did it before the journey was started | Lo hizo antes de iniciarse el recorrido | Yolculuk başlamadan önce yaptı
        journey-why.late | The event came too late | El evento llegó demasiado tarde | Olay çok geç geldi
        journey-why.no-key | The event has no key | El evento no tiene clave | Olayda anahtar yok
        journey-why.not-taken | Did it while nobody could begin | Lo hizo cuando nadie podía empezar | Kimsenin başlayamadığı sırada yaptı
        journey-why.not-in-segment | Not in the segment | No está en el segmento | Segmentte değil
        journey-why.in-before | In the segment since before the start | En el segmento desde antes del inicio | Başlangıçtan önce de segmentteydi
        journey-why.not-left | Has not left the segment | No ha salido del segmento | Segmentten çıkmadı
        journey-why.no-date | Has no such date | No tiene esa fecha | Böyle bir tarihi yok
        journey-why.not-yet | The day is yet to come | El día aún no ha llegado | Günü henüz gelmedi
        journey-why.over | The day was over at the start | El día había pasado al iniciarse | Başlangıçta günü geçmişti
        journey-why.waits | Their turn is yet to come | Aún no es su turno | Sırası henüz gelmedi
        journey-why.came-later | Came into the segment later or was taken for another then, or it is yet to begin | Entró después en el segmento o se le tenía por otra persona, o aún no empieza | Segmente sonra girdi, o sırada başkası sanılıyordu ya da henüz başlamadı
        journey-why.not-passed | Has not passed on from the other journey | No pasó desde el otro recorrido | Öteki yolculuktan geçmedi
        journey-why.only-api | Only the API puts people in | Solo la API mete a la gente | Yalnız API kişi sokar
        """
}

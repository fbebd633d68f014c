/// Why something was sent, or not, or not yet: a stable code, and words for people.
public enum DeliveryReason: String, Sendable, CaseIterable {
    case sent = "delivery.sent"
    case waiting = "delivery.waiting"
    case underway = "delivery.underway"
    // What a message is held to before it is sent, in this order.
    case unwanted = "delivery.unwanted"
    case journeyPaused = "delivery.journey-paused"
    case nobody = "delivery.nobody"
    case expired = "delivery.expired"
    case noChannel = "delivery.no-channel"
    case noAddress = "delivery.no-address"
    case addressRests = "delivery.address-rests"
    case noTemplate = "delivery.no-template"
    case templateFault = "delivery.template-fault"
    case missingValue = "delivery.missing-value"
    case notForMessages = "delivery.purpose"
    case unknownConsent = "delivery.consent-unknown"
    case withdrawn = "delivery.consent-withdrawn"
    case paused = "delivery.consent-paused"
    case notAMember = "delivery.consent-not-a-member"
    case suppressed = "delivery.suppressed"
    case addressSuppressed = "delivery.address-suppressed"
    case frequency = "delivery.frequency"
    case quietHours = "delivery.quiet-hours"
    case capped = "delivery.capped"
    case complaints = "delivery.complaints"
    case warmingUp = "delivery.warming-up"
    // What the other side made of it.
    case deferred = "delivery.deferred"
    case lost = "delivery.lost"
    case refused = "delivery.refused"
    case exhausted = "delivery.exhausted"
    case behind = "delivery.behind"
    case switchedOff = "delivery.switched-off"
    case invalidRecord = "delivery.invalid-record"
    case cancelled = "delivery.cancelled"
    case held = "delivery.held"

    /// Whether what waits for this lets go first what was decided later: it is not being tried, and for how long is up to us and not to the other side.
    var letsOthersPass: Bool { [.journeyPaused, .quietHours, .capped, .complaints, .warmingUp, .addressRests].contains(self) }

    /// In a language, `en`, `es` or `tr`; English for others.
    public func words(_ language: String = "en") -> String {
        let all = texts
        return switch language {
        case "es": all.1
        case "tr": all.2
        default: all.0
        }
    }

    private var texts: (String, String, String) {
        switch self {
        case .sent: ("The other side took it over.", "El otro lado lo aceptó.", "Karşı taraf teslim aldı.")
        case .waiting: ("It waits for its turn.", "Espera su turno.", "Sırasını bekliyor.")
        case .underway: ("It is being handed over.", "Se está entregando.", "Teslim ediliyor.")
        case .unwanted: ("Its journey does not want it any more: the person has left, or the journey was stopped or deleted.", "Su recorrido ya no lo quiere: la persona salió, o el recorrido se detuvo o se borró.", "Yolculuğu artık istemiyor: kişi çıktı ya da yolculuk durduruldu veya silindi.")
        case .journeyPaused: ("Its journey is paused.", "Su recorrido está en pausa.", "Yolculuğu duraklatıldı.")
        case .nobody: ("There is no such person any more.", "Esa persona ya no existe.", "Böyle biri artık yok.")
        case .expired: ("Its time was over before it could be sent.", "Venció antes de poder enviarse.", "Gönderilemeden süresi doldu.")
        case .noChannel: ("There is no such channel or destination.", "No existe ese canal o destino.", "Böyle bir kanal ya da hedef yok.")
        case .noAddress: ("The person has no address on this channel.", "La persona no tiene dirección en este canal.", "Kişinin bu kanalda adresi yok.")
        case .addressRests: ("The address gave mail back again and again; it rests for a while.", "La dirección devolvió correo una y otra vez; descansa un tiempo.", "Adres postaları tekrar tekrar geri gönderdi; bir süre dinleniyor.")
        case .noTemplate: ("There is no such template, or it is of another kind than the channel's.", "No existe esa plantilla, o es de otro tipo que el del canal.", "Böyle bir şablon yok ya da türü kanala uymuyor.")
        case .templateFault: ("The template could not be rendered for this person.", "La plantilla no se pudo componer para esta persona.", "Şablon bu kişi için oluşturulamadı.")
        case .missingValue: ("A value that the template needs is missing.", "Falta un valor que la plantilla necesita.", "Şablonun gerektirdiği bir değer eksik.")
        case .notForMessages: ("No message is sent for this purpose.", "Para esta finalidad no se envía ningún mensaje.", "Bu amaç için ileti gönderilmez.")
        case .unknownConsent: ("The person never said yes to this; unknown is not yes.", "La persona nunca dijo que sí; no saberlo no es un sí.", "Kişi buna hiç evet demedi; bilinmeyen evet sayılmaz.")
        case .withdrawn: ("The person withdrew their consent.", "La persona retiró su consentimiento.", "Kişi onayını geri çekti.")
        case .paused: ("The person paused such messages.", "La persona pausó estos mensajes.", "Kişi bu iletileri duraklattı.")
        case .notAMember: ("It is for a member of an account, and the person is none of it.", "Es para un miembro de una cuenta y la persona no lo es.", "Bir hesabın üyesi içindir ve kişi onun üyesi değil.")
        case .suppressed: ("The person is suppressed.", "La persona está suprimida.", "Kişi engellenmiş.")
        case .addressSuppressed: ("The address is suppressed.", "La dirección está suprimida.", "Adres engellenmiş.")
        case .frequency: ("The person wants to hear less often.", "La persona quiere recibir mensajes con menos frecuencia.", "Kişi daha seyrek ileti almak istiyor.")
        case .quietHours: ("It waits for the end of the quiet hours where the person lives.", "Espera el fin de las horas de silencio donde vive la persona.", "Kişinin bulunduğu yerde sessiz saatlerin bitmesini bekliyor.")
        case .capped: ("The person got as many messages as the policy allows.", "La persona recibió tantos mensajes como permite la política.", "Kişi politikanın izin verdiği kadar ileti aldı.")
        case .complaints: ("Too many people called mail spam: it waits until somebody releases it.", "Demasiadas personas marcaron el correo como spam: espera a que alguien lo libere.", "Çok sayıda kişi postaları istenmeyen saydı: biri serbest bırakana kadar bekler.")
        case .warmingUp: ("The sender is new and has sent as much as it may on this day; it waits for the next.", "El remitente es nuevo y ya envió lo que puede en este día; espera al siguiente.", "Gönderen yeni ve bugün gönderebileceği kadarını gönderdi; yarını bekler.")
        case .deferred: ("The other side could not take it now; it is tried again.", "El otro lado no pudo aceptarlo ahora; se intenta de nuevo.", "Karşı taraf şu anda alamadı; yeniden denenecek.")
        case .lost: ("The connection was lost, and nobody can tell whether it arrived.", "Se perdió la conexión y no se sabe si llegó.", "Bağlantı koptu; ulaşıp ulaşmadığı bilinmiyor.")
        case .refused: ("The other side refused it for good.", "El otro lado lo rechazó definitivamente.", "Karşı taraf kesin olarak reddetti.")
        case .exhausted: ("It was tried as often as it may be, without success.", "Se intentó tantas veces como se permite, sin éxito.", "İzin verilen sayıda denendi, başarılı olmadı.")
        case .behind: ("It waits behind an earlier one for the same person.", "Espera detrás de uno anterior para la misma persona.", "Aynı kişi için daha önceki birinin arkasında bekliyor.")
        case .switchedOff: ("Its destination is switched off; it goes once that is on again.", "Su destino está desactivado; saldrá cuando se active de nuevo.", "Hedefi kapalı; yeniden açıldığında gönderilir.")
        case .invalidRecord: ("What was to be written down is no valid call.", "Lo que debía anotarse no es una llamada válida.", "Yazılacak olan geçerli bir çağrı değil.")
        case .held: ("A backup was restored: it may have been sent since then, and waits until somebody releases or drops it.", "Se restauró una copia de seguridad: puede que se enviara después, y espera a que alguien lo libere o lo descarte.", "Bir yedek geri yüklendi: o zamandan sonra gönderilmiş olabilir; biri serbest bırakana ya da vazgeçene kadar bekler.")
        case .cancelled: ("It was taken back before it was sent.", "Se retiró antes de enviarse.", "Gönderilmeden geri alındı.")
        }
    }
}

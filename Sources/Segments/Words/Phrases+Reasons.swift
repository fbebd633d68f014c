extension Phrases {
    /// What was seen of one profile.
    static let reasons = """
        reason.all | all of these | todo esto | bunların hepsi
        reason.any | one of these | algo de esto | bunlardan biri
        reason.not | not this | esto no | bu değil
        reason.it | it is {value} | es {value} | değeri {value}
        reason.it-missing | it is unknown | no se conoce | bilinmiyor
        reason.bucket | is in bucket {number} | está en el grupo {number} | {number} numaralı grupta
        reason.none | no such event {window} | ningún evento así {window} | {window} böyle bir olay yok
        reason.events | 1 such event ~ {n} such events | 1 evento así ~ {n} eventos así | böyle {n} olay
        reason.value | {value}, from 1 such event ~ {value}, from {n} such events | {value}, de 1 evento así ~ {value}, de {n} eventos así | {value}, böyle {n} olaydan
        reason.no-value | no value, from 1 such event ~ no value, from {n} such events | sin valor, de 1 evento así ~ sin valor, de {n} eventos así | değer yok, böyle {n} olaydan
        reason.none-sessions | no such session {window} | ninguna sesión así {window} | {window} böyle bir oturum yok
        reason.events-sessions | 1 such session ~ {n} such sessions | 1 sesión así ~ {n} sesiones así | böyle {n} oturum
        reason.value-sessions | {value}, from 1 such session ~ {value}, from {n} such sessions | {value}, de 1 sesión así ~ {value}, de {n} sesiones así | {value}, böyle {n} oturumdan
        reason.no-value-sessions | no value, from 1 such session ~ no value, from {n} such sessions | sin valor, de 1 sesión así ~ sin valor, de {n} sesiones así | değer yok, böyle {n} oturumdan
        reason.unfiltered | {text}; 1 before filtering ~ {text}; {n} before filtering | {text}; 1 antes de filtrar ~ {text}; {n} antes de filtrar | {text}; süzmeden önce {n}
        reason.first | {event} {window} | {event} {window} | {window} {event}
        reason.then | then {event} {within} | luego {event} {within} | sonra {within} {event}
        reason.then-not | then no {event} {within} | luego ningún {event} {within} | sonra {within} {event} yok

        """
}

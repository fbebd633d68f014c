/// Which given names are short forms of one another.
///
/// A short form may belong to several names (Sasha: Alexander, Alexandra), so two names are related when one is a form of the other or both are
/// forms of a third; that is evidence, never equality.
struct Nicknames: Sendable {
    /// The groups that each name is in, in rising order.
    private let groups: [[UInt8]: [UInt16]]
    static let shared = Nicknames()

    private init() {
        var groups: [[UInt8]: [UInt16]] = [:]
        var next: UInt16 = 0
        for table in [Nicknames.english, Nicknames.others] {
            for entry in table.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
                let parts = entry.split(separator: ":")
                guard parts.count == 2 else { continue }
                for name in [parts[0]] + parts[1].split(separator: ",") { groups[Array(name.utf8), default: []].append(next) }
                next += 1
            }
        }
        self.groups = groups
    }

    func groups(of name: [UInt8]) -> [UInt16] { groups[name] ?? [] }

    /// Forms that the English table lacks: Russian, Spanish, Turkish, German and a few more.
    private static let others = """
        maria:masha,mary,marie,mia,mariya,marusya,mariquita,maruja,mari alexander:sasha,sascha,aleksandr,alejandro,alex,sanya,iskender alexandra:sasha,sascha,aleksandra,alejandra
        michael:misha,mikhail,miguel,michel jose:pepe,joseph,josef,yusuf francisco:paco,pancho,curro,francis,franz catherine:katya,ekaterina,catalina,katarina natalie:natasha,natalia,natalya
        ignacio:nacho irene:irina,ira johannes:hans,johann,john,juan john:ivan,juan,giovanni,jean,yahya julia:yulia,julie,julieta peter:petya,pyotr,pedro,pierre dmitri:dima,dmitry,dimitri
        vladimir:vova,volodya nikolai:kolya,nicholas,nicolas sergei:sergey,seryozha yevgeny:evgeny,zhenya,eugene anastasia:nastya,stacy tatiana:tanya,tatyana olga:olya elena:lena,helen,yelena,helena
        anna:anya,ana,hannah,anne svetlana:sveta lyudmila:lyuda,mila konstantin:kostya pavel:pasha,paul,pablo boris:borya guadalupe:lupe,lupita dolores:lola rosario:charo concepcion:concha,conchita
        enrique:quique,henry,heinrich,henri manuel:manolo,emanuel,manu rafael:rafa,raphael antonio:tono,toni,anthony,anton guillermo:memo,william,wilhelm,guillaume jesus:chucho,chuy roberto:beto,robert
        alberto:beto,albert luis:lucho,louis,ludwig eduardo:lalo,edward,edu ricardo:rica,richard isabel:chabela,elizabeth,isabella,elisabeth teresa:tere,theresa mercedes:merche pilar:pili
        mehmet:memo,muhammed,mohammed,mohamed,muhammad mustafa:musti,mustapha ahmet:ahmed,ahmad ali:alican ibrahim:ibo,abraham huseyin:hussein,husein hasan:hassan osman:othman omer:omar,umar
        fatma:fatima,fatos zeynep:zeyno,zainab ayse:aisha,aysegul elif:elifnaz suleyman:suleiman,sulo ismail:ismael,ishmael yakup:yakub,jacob,jakob
        friedrich:fritz,frederick,fred heinrich:heinz,heiner,henry wilhelm:willi,willy,william karl:carl,charles,carlos georg:jorg,george,jorge,juergen,jurgen katharina:kathi,katja,kathrin,katrin
        margarete:grete,greta,gretchen,margaret elisabeth:lisa,elsa,else,liesel,sissi,elizabeth josef:sepp,jupp,joseph matthias:matze,mathias,matthew stefan:steffen,stephan,stephen,esteban
        andreas:andi,andrew,andres christoph:christopher,cristobal,chris susanne:susi,sanne,suzanne,susana ulrike:uli ulrich:uli walter:walther gabriele:gabi,gaby manfred:manni rudolf:rudi,rolf
        """
}

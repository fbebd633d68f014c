extension Region {
    static let west: [Region] = [
        Region(
            "en-GB", "GB", .gbp, timeZone: "Europe/London", utcOffsetMinutes: 0, phoneCode: 44, share: 30,
            first: "Amelia Oliver Isla George Freya Harry Poppy Arthur Florence Theo Ivy Alfie Rosie Leo Nia Rhys Morag Callum Priya Arjun Zara Imran Chidi Ngozi Beatrix Edmund Harriet Jude Mabel Rowan",
            last: "Smith Jones Taylor Brown Williams Wilson Davies Evans Thomas Roberts Walker Wright Hughes Green Hall Clarke Patel Khan Okafor MacLeod O'Neill/oneill Begum Whitlock Ashdown Fairweather Pemberton",
            cities: "London,E8 3RL;Bristol,BS1 4DJ;Manchester,M4 5JD;Edinburgh,EH6 6QU;Cardiff,CF10 1EP;Leeds,LS2 7HY;Norwich,NR2 1TF;Belfast,BT1 5GS;Brighton,BN1 4EN;York,YO1 7HH",
            streets: "Orchard Street;Mill Lane;Church Road;Victoria Terrace;Station Road;Harbour Walk;Quince Close"
        ),
        Region(
            "en-IE", "IE", .eur, timeZone: "Europe/Dublin", utcOffsetMinutes: 0, phoneCode: 353, share: 4,
            first: "Aoife Cian Saoirse Oisín/oisin Niamh Conor Róisín/roisin Darragh Caoimhe Fionn Gráinne/grainne Declan",
            last: "Murphy Kelly Byrne Ryan O'Sullivan/osullivan Doyle McCarthy Gallagher Nolan Fitzgerald Ní-Dhomhnaill/nidhomhnaill",
            cities: "Dublin,D08 X2A3;Cork,T12 W8KP;Galway,H91 E2T8;Limerick,V94 T9PX", streets: "Patrick Street;Quay Road;Abbey Lane;Bridge Street"
        ),
        Region(
            "de-DE", "DE", .eur, timeZone: "Europe/Berlin", utcOffsetMinutes: 60, phoneCode: 49, share: 14,
            first: "Anna Lukas Emma Felix Mia Jonas Lena Maximilian Greta Paul Frieda Jürgen/juergen Käthe/kaethe Björn/bjoern Leonie Matthias Sabine Wolfgang Änne/aenne Sören/soeren",
            last: "Müller/mueller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer/schaefer Koch Bauer Richter Größmann/groessmann Krüger/krueger Yıldız/yildiz Nguyễn/nguyen",
            cities: "Berlin,10999;Hamburg,20359;München,80331;Köln,50667;Leipzig,04109;Bremen,28195;Nürnberg,90402;Freiburg im Breisgau,79098",
            streets: "Lindenstraße;Gartenweg;Am Alten Hafen;Schillerstraße;Mühlgasse;Rosenthaler Straße"
        ),
        Region(
            "es-ES", "ES", .eur, timeZone: "Europe/Madrid", utcOffsetMinutes: 60, phoneCode: 34, share: 10,
            first: "Lucía/lucia Hugo Sofía/sofia Mateo Martina Álvaro/alvaro Inés/ines José/jose María/maria Andrés/andres Begoña/begona Íñigo/inigo Carmen Joaquín/joaquin Noelia Ximena",
            last: "García/garcia Fernández/fernandez González/gonzalez Rodríguez/rodriguez López/lopez Martínez/martinez Sánchez/sanchez Pérez/perez Muñoz/munoz Núñez/nunez Etxeberria Ibáñez/ibanez",
            cities: "Madrid,28004;Barcelona,08003;Sevilla,41003;València,46001;Bilbao,48005;A Coruña,15001;Málaga,29015",
            streets: "Calle del Olmo;Calle Mayor;Avenida de la Paz;Plaza de la Merced;Carrer de la Cera"
        ),
        Region(
            "fr-FR", "FR", .eur, timeZone: "Europe/Paris", utcOffsetMinutes: 60, phoneCode: 33, share: 8,
            first: "Camille Louis Chloé/chloe Gabriel Léa/lea Raphaël/raphael Zoé/zoe Jules Anaïs/anais François/francois Océane/oceane Benoît/benoit Maëlle/maelle",
            last: "Martin Bernard Dubois Durand Moreau Lefèvre/lefevre Girard Mercier Lambert Bâcle/bacle Noël/noel D'Artois/dartois Traoré/traore",
            cities: "Paris,75011;Lyon,69001;Marseille,13002;Nantes,44000;Strasbourg,67000;Saint-Étienne,42000",
            streets: "Rue des Lilas;Avenue de la République;Quai des Brumes;Impasse du Moulin"
        ),
        Region(
            "nl-NL", "NL", .eur, timeZone: "Europe/Amsterdam", utcOffsetMinutes: 60, phoneCode: 31, share: 4,
            first: "Sanne Daan Fleur Bram Lotte Sem Maud Thijs Noor Jelle", last: "Jansen Bakker Visser Smit Meijer Mulder Bos Vos Dekker Koster Brouwer",
            cities: "Amsterdam,1016 GX;Utrecht,3511 LN;Rotterdam,3011 EN;Groningen,9711 HW", streets: "Prinsengracht;Kerkstraat;Nieuwe Haven;Molenweg"
        ),
        Region(
            "pl-PL", "PL", .eur, timeZone: "Europe/Warsaw", utcOffsetMinutes: 60, phoneCode: 48, share: 4,
            first: "Zofia Jan Maja Antoni Hanna Jakub Małgorzata/malgorzata Łukasz/lukasz Agnieszka Stanisław/stanislaw",
            last: "Nowak Kowalska Wiśniewska/wisniewska Wójcik/wojcik Kamińska/kaminska Lewandowska Zielińska/zielinska Szymańska/szymanska Dąbrowska/dabrowska",
            cities: "Warszawa,00-545;Kraków,31-042;Gdańsk,80-831;Łódź,90-001", streets: "ulica Długa;ulica Świętego Marcina;aleja Lipowa;ulica Ogrodowa"
        ),
        Region(
            "sv-SE", "SE", .eur, timeZone: "Europe/Stockholm", utcOffsetMinutes: 60, phoneCode: 46, share: 3,
            first: "Astrid Erik Elsa Oskar Linnéa/linnea Åsa/asa Björn/bjorn Märta/marta Nils Ögmundur/ogmundur",
            last: "Andersson Johansson Karlsson Nilsson Lindqvist Bergström/bergstrom Åkesson/akesson Öberg/oberg Sjöberg/sjoberg",
            cities: "Stockholm,118 26;Göteborg,411 06;Malmö,211 22;Umeå,903 25", streets: "Storgatan;Björkvägen;Hamngatan;Ängsvägen"
        ),
    ]
}

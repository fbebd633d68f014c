extension Region {
    static let east: [Region] = [
        Region(
            "tr-TR", "TR", .eur, timeZone: "Europe/Istanbul", utcOffsetMinutes: 180, phoneCode: 90, share: 9,
            first: "Zeynep Elif Yusuf Mustafa Ayşe/ayse Emine Ömer/omer Çağla/cagla İrem/irem Işıl/isil Şule/sule Gökhan/gokhan Özlem/ozlem Ilgın/ilgin Hüseyin/huseyin Tuğba/tugba",
            last: "Yılmaz/yilmaz Kaya Demir Çelik/celik Şahin/sahin Yıldırım/yildirim Öztürk/ozturk Aydın/aydin Özdemir/ozdemir Arslan Doğan/dogan Kılıç/kilic Güneş/gunes İnce/ince",
            cities: "İstanbul,34430;Ankara,06420;İzmir,35210;Bursa,16010;Eskişehir,26010;Rize,53020",
            streets: "Çınar Sokak;Atatürk Caddesi;Gülistan Sokağı;İstiklal Caddesi;Şair Nedim Caddesi"
        ),
        Region(
            "zh-CN", "CN", .eur, timeZone: "Asia/Shanghai", utcOffsetMinutes: 480, phoneCode: 86, share: 4,
            first: "芳/fang 伟/wei 秀英/xiuying 娜/na 敏/min 静/jing 磊/lei 洋/yang 艳/yan 勇/yong 梓涵/zihan 浩然/haoran 欣怡/xinyi",
            last: "王/wang 李/li 张/zhang 刘/liu 陈/chen 杨/yang 黄/huang 赵/zhao 吴/wu 周/zhou 欧阳/ouyang 司马/sima",
            cities: "上海,200001;杭州,310000;北京,100006;成都,610000;厦门,361001", streets: "南京东路;龙井路;和平街;茶园巷"
        ),
        Region(
            "ar-AE", "AE", .eur, timeZone: "Asia/Dubai", utcOffsetMinutes: 240, phoneCode: 971, share: 4,
            first: "محمد/mohammed فاطمة/fatima أحمد/ahmed مريم/maryam عمر/omar ليلى/layla يوسف/youssef نورة/noura خالد/khalid سلمى/salma ياسمين/yasmin",
            last: "الحسن/alhassan العلي/alali المنصوري/almansoori حداد/haddad خوري/khoury النجار/alnajjar الشمري/alshammari بن-راشد/binrashid",
            cities: "دبي,00000;أبوظبي,00000;الشارقة,00000", streets: "شارع الزهور;شارع الشيخ زايد;شارع الكورنيش"
        ),
        Region(
            "ja-JP", "JP", .eur, timeZone: "Asia/Tokyo", utcOffsetMinutes: 540, phoneCode: 81, share: 3,
            first: "陽葵/himari 蓮/ren 結衣/yui 湊/minato さくら/sakura 大翔/hiroto 美咲/misaki 翔太/shota 葵/aoi",
            last: "佐藤/sato 鈴木/suzuki 高橋/takahashi 田中/tanaka 伊藤/ito 渡辺/watanabe 山本/yamamoto 中村/nakamura",
            cities: "東京,150-0001;京都,604-8005;大阪,530-0001;静岡,420-0851", streets: "神宮前;河原町通;茶町;本通り"
        ),
        Region(
            "en-IN", "IN", .gbp, timeZone: "Asia/Kolkata", utcOffsetMinutes: 330, phoneCode: 91, share: 3,
            first: "Ananya Rohan Diya Kabir Meera Vikram Lakshmi Suresh आरव/aarav प्रिया/priya Gurpreet Tenzin",
            last: "Sharma Iyer Banerjee Singh Reddy Nair Mukherjee Gupta Das चतुर्वेदी/chaturvedi Krishnamurthy-Venkataraghavan",
            cities: "Mumbai,400050;Kolkata,700019;Bengaluru,560001;Darjeeling,734101", streets: "Park Street;M G Road;Hill Cart Road;Lake Gardens"
        ),
    ]
}

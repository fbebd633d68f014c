extension Catalogue {
    /// id | name | category | shape | pence | euro cents | colour | origin | note
    ///
    /// A text rather than an array of values: it reads as a table and costs the compiler nothing.
    static let shelves = """
        assam-morning | Assam Morning | Black | tin | 850 | 990 | 8a3b1e | Assam, India | Malty and brisk; takes milk without a murmur.
        darjeeling-first-flush | Darjeeling First Flush | Black | tin | 1650 | 1890 | c9a24b | Darjeeling, India | Muscatel and spring air, picked in the last days of March.
        earl-grey-wren | Earl Grey Wren | Black | tin | 890 | 1050 | 3b5b8c | Blended in Bristol | Bergamot from Calabria and a few blue cornflowers.
        lapsang-hearth | Lapsang Hearth | Black | tin | 1180 | 1350 | 4a2f27 | Fujian, China | Pine smoke and leather. Somebody near you will complain.
        keemun-hao-ya | Keemun Hao Ya | Black | tin | 1490 | 1690 | 6b2d2d | Anhui, China | Cocoa, orchid and a winey finish.
        ceylon-uva | Ceylon Uva | Black | tin | 920 | 1090 | b5512a | Uva, Sri Lanka | Bright, high-grown, faintly of mint.
        english-breakfast | Daughters' Breakfast | Black | tin | 790 | 920 | 9c2f2f | Blended in Bristol | What we drink before opening. Assam, Kenya and a little Yunnan.
        rize-karadeniz | Rize Karadeniz | Black | tin | 780 | 890 | a8322f | Rize, Türkiye | For the tulip glass: strong, red, and as much again.
        golden-monkey | Golden Monkey | Black | tin | 1920 | 2190 | b7812f | Fujian, China | Downy golden buds; honey and malt.
        masala-chai | Masala Chai | Black | tin | 990 | 1150 | 7a3e2a | Blended in Bristol | Cardamom, ginger, clove and a patient simmer.
        kenya-milima | Kenya Milima | Black | tin | 860 | 990 | a3472d | Kericho, Kenya | Coppery and straightforward.
        vanilla-rooster | Vanilla Rooster | Black | tin | 940 | 1090 | c77f4a | Blended in Bristol | Bourbon vanilla, no pretence of moderation.
        sencha-asagiri | Sencha Asagiri | Green | tin | 1420 | 1620 | 5d8a4a | Shizuoka, Japan | Morning mist: grass, sea and sweetness.
        gyokuro-hikari | Gyokuro Hikari | Green | tin | 2890 | 3290 | 2f6b4f | Uji, Japan | Shaded for three weeks, brewed at fifty degrees.
        longjing-west-lake | Longjing West Lake | Green | tin | 2450 | 2790 | 8aa04a | Zhejiang, China | Chestnut and sweet pea, pressed flat by hand.
        genmaicha | Genmaicha | Green | tin | 980 | 1120 | a6a35a | Kyoto, Japan | Toasted rice, some of it popped.
        houjicha-embers | Houjicha Embers | Green | tin | 1050 | 1200 | 8b5a3c | Kyoto, Japan | Roasted over charcoal; kind in the evening.
        jasmine-pearls | Jasmine Pearls | Green | tin | 1780 | 1990 | 6f9a86 | Fujian, China | Scented on seven nights with fresh blossom.
        gunpowder-temple | Gunpowder Temple | Green | tin | 760 | 880 | 4d6b57 | Zhejiang, China | Rolled tight; the beginning of a Moroccan evening.
        moroccan-mint | Moroccan Mint | Green | tin | 840 | 960 | 3f8f6b | Blended in Bristol | Nana mint and gunpowder. Pour from a height.
        bi-luo-chun | Bi Luo Chun | Green | tin | 2250 | 2550 | 7fa35f | Jiangsu, China | Snail-shell leaves grown between fruit trees.
        tie-guan-yin | Tie Guan Yin | Oolong | tin | 1860 | 2090 | 4f7f6f | Anxi, China | Lilac and cream, unrolling over eight infusions.
        da-hong-pao | Da Hong Pao | Oolong | tin | 2680 | 2990 | 7a2f1f | Wuyi, China | Mineral, roasted, long. The rock is in it.
        oriental-beauty | Oriental Beauty | Oolong | tin | 2750 | 3090 | b06a4a | Hsinchu, Taiwan | Bitten by leafhoppers, and the better for it.
        milk-oolong | Jin Xuan Milk Oolong | Oolong | tin | 1590 | 1790 | d3b878 | Alishan, Taiwan | Buttery by nature; nothing added.
        dong-ding | Dong Ding | Oolong | tin | 1720 | 1950 | 8c7b3f | Nantou, Taiwan | Roasted nuts and warm fruit.
        silver-needle | Silver Needle | White | tin | 2480 | 2790 | b9c0b4 | Fuding, China | Buds only: melon, hay, quiet.
        white-peony | White Peony | White | tin | 1380 | 1590 | c5b9a0 | Fuding, China | A bud and two leaves; peach skin.
        moonlight-white | Moonlight White | White | tin | 1650 | 1850 | 8f93b5 | Yunnan, China | Dried indoors under the moon, they say.
        puerh-1998 | Pu-erh 1998 | Pu-erh | tin | 4200 | 4690 | 3d2b24 | Yunnan, China | Camphor, old books, forest floor.
        puerh-mini-tuo | Mini Tuo Cha | Pu-erh | tin | 1250 | 1420 | 5a3a2e | Yunnan, China | One little nest for one pot.
        sheng-spring | Sheng Spring Cake | Pu-erh | tin | 3350 | 3790 | 6b7040 | Yunnan, China | Young and fierce; keep it for your daughter.
        chamomile-croatian | Chamomile Whole Flower | Herbal | tin | 690 | 790 | d9b23a | Croatia | Apple, honey, goodnight.
        peppermint-fen | Fenland Peppermint | Herbal | tin | 650 | 750 | 2f8f7f | Cambridgeshire, England | Cold and clean as a January morning.
        rooibos-cederberg | Rooibos Cederberg | Herbal | tin | 720 | 830 | b5462f | Cederberg, South Africa | Vanilla and red earth, and no caffeine at all.
        hibiscus-aswan | Karkadé Aswan | Herbal | tin | 740 | 850 | a01f4f | Aswan, Egypt | Hibiscus: sharp, crimson, good cold.
        lemon-verbena | Lemon Verbena | Herbal | tin | 780 | 890 | a3b83f | Provence, France | A whole lemon tree in a leaf.
        linden-blossom | Linden Blossom | Herbal | tin | 820 | 940 | c2b45a | Bulgaria | A June avenue with bees in it.
        mountain-tea | Mountain Tea | Herbal | tin | 880 | 990 | 8fa57a | Mount Olympus, Greece | Sideritis; what grandmothers prescribe.
        ginger-turmeric | Ginger & Turmeric | Herbal | tin | 760 | 870 | d98a2b | Blended in Bristol | For people who were rained on.
        yerba-mate | Yerba Mate | Herbal | tin | 910 | 1050 | 5f7a3a | Misiones, Argentina | Passed around, never refused.
        matcha-ceremonial | Matcha Ceremonial | Matcha | tin | 2950 | 3350 | 4f8f3a | Uji, Japan | Stone-milled; foam like jade.
        matcha-kitchen | Matcha Kitchen | Matcha | tin | 1490 | 1690 | 7fae5a | Kagoshima, Japan | For cakes, lattes and forgiveness.
        hojicha-powder | Hojicha Powder | Matcha | tin | 1350 | 1550 | 8a5a3f | Kyoto, Japan | The evening's matcha.
        pot-wren | Wren Teapot, 0.8 l | Teaware | pot | 3800 | 4350 | 3f6f7f | Stoke-on-Trent, England | Round-bellied stoneware that does not drip.
        pot-cast-iron | Cast-Iron Pot, 0.6 l | Teaware | pot | 5600 | 6390 | 3a3f45 | Iwate, Japan | Keeps the third cup hot.
        gaiwan-porcelain | Porcelain Gaiwan | Teaware | cup | 2200 | 2490 | 7f9fbf | Jingdezhen, China | A lid, a bowl, a saucer, and practice.
        glass-tulip-six | Six Tulip Glasses | Teaware | cup | 1900 | 2190 | c0392b | Denizli, Türkiye | With saucers, for company.
        mug-daughters | Daughters' Mug | Teaware | cup | 1450 | 1650 | b5678a | St Ives, England | Holds as much as you need on a Monday.
        cup-celadon | Celadon Cup | Teaware | cup | 1750 | 1990 | 86b09a | Longquan, China | Crackles softly as it cools.
        kettle-gooseneck | Gooseneck Kettle | Teaware | kettle | 6900 | 7890 | 6f7a80 | Sheffield, England | Five temperatures and a steady hand.
        whisk-chasen | Chasen Whisk | Teaware | whisk | 1650 | 1890 | c9a86a | Nara, Japan | One hundred tines from one piece of bamboo.
        strainer-silver | Swinging Strainer | Teaware | strainer | 950 | 1090 | 9aa3a8 | Sheffield, England | Stays where it should.
        scale-pocket | Pocket Scale | Teaware | box | 1990 | 2290 | 50606a | Solingen, Germany | To the tenth of a gram, for the curious.
        tin-caddy | Copper Caddy | Teaware | box | 2600 | 2950 | b0683a | Birmingham, England | Ages better than any of us.
        gift-first-steps | First Steps Box | Gifts | box | 2400 | 2750 | 7f6fae | Packed in Bristol | Six small tins and a card that explains nothing too much.
        gift-around-world | Around the World | Gifts | box | 3900 | 4450 | 3f7fae | Packed in Bristol | Twelve origins, twelve evenings.
        gift-afternoon | Afternoon for Two | Gifts | box | 5200 | 5890 | ae6f7f | Packed in Bristol | Pot, two cups, three teas, shortbread.
        gift-matcha-set | Matcha Beginnings | Gifts | box | 6400 | 7290 | 5f9f4f | Packed in Bristol | Bowl, whisk, scoop and thirty grams.
        gift-card | Gift Card | Gifts | box | 2500 | 2900 | d1a23a | Sent by post | For those who know what they like.
        """
}

extension Shop {
    /// The shopkeeper's segments, as complete bodies for `POST /api/v1/segments`, in an order in which later ones may name earlier ones.
    ///
    /// They count in periods that end now, so that they have members whenever the history was made.
    public static var segments: [[UInt8]] {
        [
            segment("Regulars", "Three orders in a quarter: they get the first flush before it is on the shelf.", "did \"Order Completed\" at least 3 times in last 90 days"),
            segment(
                "Regulars gone quiet", "Worth a letter by hand.", "in segment \"regulars\" and did not do \"Order Completed\" in last 30 days"),
            segment(
                "Left a basket", "Put something in and did not pay within a day.",
                "did \"Product Added\" from 7 days ago to 24 hours ago then not \"Order Completed\" within 24 hours"),
            segment("Club birthdays", "A sample goes with their next parcel.", "plan = \"tea club\" and birthday anniversary within next 14 days"),
        ]
    }

    /// The shopkeeper's computed traits, as complete bodies for `POST /api/v1/computed-traits`.
    public static var computedTraits: [[UInt8]] {
        [
            computed("lifetimeValue", "What they have spent with us.", "sum(total) of \"Order Completed\""),
            computed("favouriteCategory", "What they look at most: it goes first on their page.", "most frequent(category) of \"Product Viewed\""),
            computed("orderStreak", "Months in a row with an order; the sixth is worth a tin.", "current month streak of \"Order Completed\""),
        ]
    }

    private static func computed(_ name: String, _ note: String, _ measure: String) -> [UInt8] {
        var json = JSONBytes()
        json.member("{\"name\":", text: name)
        json.member(",\"note\":", text: note)
        json.member(",\"measure\":", text: measure)
        json.raw("}")
        return json.bytes
    }

    private static func segment(_ name: String, _ note: String, _ condition: String) -> [UInt8] {
        var json = JSONBytes()
        json.member("{\"name\":", text: name)
        json.member(",\"note\":", text: note)
        json.member(",\"condition\":", text: condition)
        json.raw("}")
        return json.bytes
    }
}

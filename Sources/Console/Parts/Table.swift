/// The console's one table: a sticky head, labels for narrow screens, where each row becomes a card, and a caption for readers.
struct Table {
    struct Column {
        var title: String
        var isNumber = false
        /// Takes what space is left.
        var isWide = false
    }

    var caption: String
    var columns: [Column]
    var rows: [[HTML]]
    var id: String?

    var html: HTML {
        let heads = columns.map { column -> HTML in
            "<th scope=\"col\"\(attribute: "class", column.isNumber ? "num" : column.isWide ? "wide" : nil)>\(column.title)</th>"
        }
        return """
            <div class="frame"><table class="table"\(attribute: "id", id)><caption class="hidden">\(caption)</caption>
            <thead><tr>\(heads)</tr></thead>
            <tbody>\(rows.map(row))</tbody></table></div>
            """
    }

    private func row(_ cells: [HTML]) -> HTML {
        let parts = zip(columns, cells).map { column, cell -> HTML in
            "<td data-label=\"\(column.title)\"\(attribute: "class", column.isNumber ? "num" : nil)><div>\(cell)</div></td>"
        }
        return "<tr>\(parts)</tr>\n"
    }
}

/// The link to the next page of a list; going back is the browser's.
struct NextLink {
    var address: String?

    func html(_ frame: Frame) -> HTML {
        guard let address else { return .none }
        return "<nav class=\"next\" aria-label=\"\(frame.say("list.pages"))\"><a class=\"button\" rel=\"next\" href=\"\(address)\">\(frame.say("list.next"))\(Icon.arrow.html)</a></nav>"
    }
}

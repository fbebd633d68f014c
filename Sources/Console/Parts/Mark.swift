/// The martlet: the small bird of heraldry that has no feet and never lands. Seen from below, wings out and tail forked.
enum Mark {
    static let bird: HTML = """
        <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">\
        <g transform="rotate(38 16 16)"><path d="\(outline)"/></g></svg>
        """

    /// The same bird as a file, for the browser's tab; on a ground of its own, since tabs are light or dark.
    static let file = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#10606f"/>\
        <g transform="translate(4.5 4.5) scale(.72) rotate(38 16 16)"><path fill="#fff" d="\(outline)"/></g></svg>
        """

    private static let outline = """
        M.8 11.6C6 8.6 10.6 8.6 13.7 10.7 14 8 14.8 6 16 4.6 17.2 6 18 8 18.3 10.7 21.4 8.6 26 8.6 31.2 11.6 25.8 12.3 21.4 14.7 19 18.9 19.2 22.6 20.6 26.2 23.2 29.6 20.4 28.3 17.9 26.3 16 23.7 14.1 26.3 11.6 28.3 8.8 29.6 11.4 26.2 12.8 22.6 13 18.9 10.6 14.7 6.2 12.3 .8 11.6z
        """
}

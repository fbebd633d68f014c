/// What was probably meant by a word that is not known.
public enum Spelling {
    /// The word of a list that is nearest to what was written; nil where none is near.
    public static func nearest(to word: String, among words: [String]) -> String? { Keyword.nearest(to: word, among: words) }
}

/// A page model: everything a page shows as plain values, and the one function that draws it.
public protocol ConsolePage: Sendable {
    /// The whole document, ready to send as `text/html; charset=utf-8`. Pure: the same model and frame give the same text.
    func render(_ frame: Frame) -> String
}

/// The version that a form began with, so that saving it replaces nothing that its writer has not seen.
public struct Edition: Sendable {
    /// Nil for what is new.
    public var version: Int64?
    public init(_ version: Int64? = nil) { self.version = version }

    var html: HTML { version.map { version -> HTML in "<input type=\"hidden\" name=\"edition\" value=\"\(String(version))\">" } ?? .none }

    public static let stale = "console.stale"

    /// Told where another version was saved since; saving again replaces it.
    public static func stale(_ version: Int64, _ frame: Frame) -> ConsoleProblem {
        ConsoleProblem(code: stale, problem: frame.say("edition.stale", ["version": frame.number(Int(clamping: version))]), remedy: frame.say("edition.stale-remedy"))
    }
}

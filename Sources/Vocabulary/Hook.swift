import Synchronization

/// The place of a closure that is known later than its owner.
///
/// A closure that stood in a `Mutex` by itself would be wrapped once more at every look, until calling it overflows the stack: after some 30,000 looks, on a thread with 1 MiB.
public final class Hook<Body: Sendable>: Sendable {
    private struct Held { var body: Body }
    private let held: Mutex<Held>

    public init(_ body: Body) { held = Mutex(Held(body: body)) }

    public var body: Body { held.withLock { $0.body } }
    public func set(_ body: Body) { held.withLock { $0.body = body } }
}

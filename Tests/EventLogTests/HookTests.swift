import EventLog
import Synchronization
import Testing
import Vocabulary

@Suite("A hook")
struct HookTests {
    @Test("may be looked at any number of times: what it calls is called directly")
    func looks() {
        let count = Mutex(0)
        let hook = Hook<@Sendable (Int) -> Void> { _ in }
        hook.body(1)
        hook.set { add in count.withLock { $0 += add } }
        // On a thread of 1 MiB; a closure in a Mutex ends the process here.
        let done = Alarm()
        startThread(name: "hook") {
            for _ in 0..<200_000 { hook.body(1) }
            done.ring()
        }
        while count.withLock({ $0 }) < 200_000 { done.wait(upTo: 100) }
        #expect(count.withLock { $0 } == 200_000)
    }
}

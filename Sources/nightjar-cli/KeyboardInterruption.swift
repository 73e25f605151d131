import Glibc
import Nightjar
import NightjarConcurrency
import NightjarLua
import Synchronization

/// Ctrl-C: the first one interrupts the script, the second one ends the process as it would any other.
///
/// There is no signal handler, which may do almost nothing and comes in the middle of anything: the signal is blocked in all threads,
/// and one of them waits for it.
struct KeyboardInterruption {
    private static let happened = Atomic(false)
    private static let isMainOver = Atomic(false)

    static var hasHappened: Bool { happened.load(ordering: .sequentiallyConsistent) }

    /// Seconds after which a script that does not stop is ended by force.
    private static let patience = 3

    /// Keeps the signal for the thread that waits for it. Called on the main thread before there are others: they inherit what it
    /// blocks. Programs that scripts start do not.
    static func claimSignal() {
        var keyboard = signals
        pthread_sigmask(SIG_BLOCK, &keyboard, nil)
    }

    init(_ handle: LuaInterruptHandle) { KeyboardInterruption.startThread(handle) }

    private static var signals: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        return signals
    }

    /// From here on Ctrl-C wakes the thread that waits for the others.
    func mainHasEnded() { KeyboardInterruption.isMainOver.store(true, ordering: .sequentiallyConsistent) }

    private static func startThread(_ handle: LuaInterruptHandle) {
        let box = Unmanaged.passRetained(HandleBox(handle, Waiter.current))
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 128 << 10)
        pthread_create(
            &thread, &attributes,
            { argument in
                KeyboardInterruption.wait(Unmanaged<HandleBox>.fromOpaque(argument!).takeRetainedValue())
                return nil
            }, box.toOpaque())
    }

    private final class HandleBox {
        let handle: LuaInterruptHandle
        let main: Waiter
        init(_ handle: LuaInterruptHandle, _ main: Waiter) {
            self.handle = handle
            self.main = main
        }
    }

    private static func wait(_ box: HandleBox) {
        var signals = signals, signal = Int32(0)
        while sigwait(&signals, &signal) != 0 {}
        happened.store(true, ordering: .sequentiallyConsistent)
        box.handle.interrupt(.keyboard, grace: 1)
        if isMainOver.load(ordering: .sequentiallyConsistent) { box.main.interrupt() }
        // A second Ctrl-C, or patience that has run out: a loop inside one call of the string library cannot be interrupted.
        let deadline = Deadline(after: Double(patience))
        while !deadline.hasPassed {
            var rest = timespec(tv_sec: 0, tv_nsec: 100_000_000)
            if sigtimedwait(&signals, nil, &rest) == SIGINT { break }
        }
        Terminal.report("nightjar: the script does not stop: ended by force")
        Glibc.signal(SIGINT, SIG_DFL)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        raise(SIGINT)
        kill(getpid(), SIGINT)
    }
}

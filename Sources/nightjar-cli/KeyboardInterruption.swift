import Glibc
import Nightjar
import NightjarConcurrency
import NightjarLua
import Synchronization

/// Ctrl-C: the first one interrupts the script, the second one ends the process as it would any other.
///
/// A signal handler may do almost nothing, so it only wakes a thread, which does the rest.
struct KeyboardInterruption {
    private static let count = Atomic<Int>(0)
    private static let isMainOver = Atomic(false)
    // Made before the handler is installed and never again; POSIX allows sem_post in a handler.
    private nonisolated(unsafe) static let wakeUp = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    static var hasHappened: Bool { count.load(ordering: .sequentiallyConsistent) > 0 }

    /// Seconds after which a script that does not stop is ended by force.
    private static let patience: UInt32 = 3

    init(_ handle: LuaInterruptHandle) {
        sem_init(KeyboardInterruption.wakeUp, 0, 0)
        KeyboardInterruption.startThread(handle)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            KeyboardInterruption.count.wrappingAdd(1, ordering: .sequentiallyConsistent)
            sem_post(KeyboardInterruption.wakeUp)
        }
        // Whichever thread it comes to, a read that a script waits in there goes on.
        action.sa_flags = SA_RESTART
        sigaction(SIGINT, &action, nil)
        // A parent that blocks signals in the thread that starts us passes that on.
        var keyboard = sigset_t()
        sigemptyset(&keyboard)
        sigaddset(&keyboard, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &keyboard, nil)
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
        while sem_wait(wakeUp) != 0 {}
        box.handle.interrupt(.keyboard, grace: 1)
        if isMainOver.load(ordering: .sequentiallyConsistent) { box.main.interrupt() }
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        deadline.tv_sec += Int(patience)
        // A second Ctrl-C, or patience that has run out: a loop inside one call of the string library cannot be interrupted.
        while sem_timedwait(wakeUp, &deadline) != 0, errno == EINTR {}
        signal(SIGINT, SIG_DFL)
        Terminal.report("nightjar: the script does not stop: ended by force")
        raise(SIGINT)
        kill(getpid(), SIGINT)
    }
}

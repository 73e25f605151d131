import NightjarConcurrency
import Synchronization

/// The scheduled tasks of one program.
final class TaskRegistry: Sendable {
    private struct Alive {
        var tasks: [ScheduledTask] = []
        var number = 0
    }
    private let alive = Mutex(Alive())

    /// `task-1 (poll)`, with the name of the function where it has one.
    func makeName(of function: String?) -> String {
        let number = alive.withLock {
            $0.number += 1
            return $0.number
        }
        return "task-\(number)" + (function.map { " (\($0))" } ?? "")
    }

    func add(_ task: ScheduledTask) { alive.withLock { $0.tasks.append(task) } }
    func remove(_ task: ScheduledTask) { alive.withLock { $0.tasks.removeAll { $0 === task } } }

    /// Those that run or will run, in the order of their making.
    var active: [ScheduledTask] { alive.withLock { $0.tasks }.filter(\.isActive) }
}

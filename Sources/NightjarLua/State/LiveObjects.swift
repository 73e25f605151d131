package import Synchronization

/// Counts the objects that must not be left behind, for tests that look for leaks.
package enum LiveObjects {
    package static let interpreters = Atomic(0)
    package static let environments = Atomic(0)
    package static let threads = Atomic(0)
    package static let queues = Atomic(0)

    /// Counts what holds it, from the making to the end.
    package struct Mark: ~Copyable, Sendable {
        private let kind: Kind

        package init(_ kind: Kind) {
            self.kind = kind
            Mark.add(1, kind)
        }

        deinit { Mark.add(-1, kind) }

        private static func add(_ change: Int, _ kind: Kind) {
            switch kind {
            case .interpreter: interpreters.add(change, ordering: .relaxed)
            case .environment: environments.add(change, ordering: .relaxed)
            case .thread: threads.add(change, ordering: .relaxed)
            case .queue: queues.add(change, ordering: .relaxed)
            }
        }
    }

    package enum Kind: Sendable { case interpreter, environment, thread, queue }
}

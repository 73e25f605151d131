/// All threads that a monitor counts, at a moment at which each of them sleeps.
struct Standstill {
    let threads: [MonitoredThread]
    /// What they wait for, in the same order.
    let waits: [PendingWait]
    private let roles: [MonitoredThread.Role]
    /// The positions of the threads that they wait for, where that is known.
    private let holders: [Int?]
    /// Whose waits are to be ended.
    let choice: DeadlockSearch.Choice

    init(threads: [MonitoredThread], waits: [PendingWait]) {
        self.threads = threads
        self.waits = waits
        let positions = Dictionary(threads.enumerated().map { ($1.waiter.number, $0) }) { first, _ in first }
        holders = waits.map { wait in (wait.reason.target?.holder?.rawValue).flatMap { positions[$0] } }
        roles = threads.map(\.role)
        let candidacies = zip(roles, waits).map { Standstill.candidacy(of: $0, in: $1) }
        var choice = DeadlockSearch(holders: holders, candidacies: candidacies).choice
        if choice.positions.isEmpty {
            choice.positions = threads.indices.filter { [roles] in roles[$0] == .last && waits[$0].patience != .endless
            }
        }
        self.choice = choice
    }

    private static func candidacy(of role: MonitoredThread.Role, in wait: PendingWait) -> DeadlockSearch.Candidacy {
        if wait.reason.isIdle { return .none }
        return switch (wait.patience, role) {
        case (.endless, _), (_, .background), (_, .last): .none
        case (.untilInsisted, _): .reluctant
        case (.interruptible, .main): .patient
        case (.interruptible, .ordinary): .willing
        }
    }

    /// What is to be told; nil as long as not every thread has said where it waits.
    func report() -> DeadlockReport? {
        var places: [String?] = []
        for (thread, wait) in zip(threads, waits) {
            guard case .some(let place) = thread.waiter.callSite(in: wait.serial) else { return nil }
            places.append(place)
        }
        let names = threads.map(\.name), objects = ObjectNames(waits.map(\.reason.target))
        let told = choice.positions, isTold = Set(told)
        let entries = (told + threads.indices.filter { !isTold.contains($0) }).map { position in
            let reason = waits[position].reason
            return DeadlockReport.Wait(
                thread: names[position], call: reason.operation, place: places[position],
                object: objects.name(of: reason.target), remark: remark(on: reason, position, names),
                isEnded: isTold.contains(position))
        }
        return DeadlockReport(summary: summary(names), waits: entries)
    }

    private func remark(on reason: WaitReason, _ position: Int, _ names: [String]) -> String? {
        guard let target = reason.target else { return nil }
        let holder = target.holder.map { _ in
            guard let holder = holders[position] else { return "a thread that has ended" }
            return holder == position ? "itself" : names[holder]
        }
        return target.remark(on: reason.operation, holder: holder)
    }

    private func summary(_ names: [String]) -> String {
        if choice.circles.count > 1 {
            let count = choice.circles.reduce(0) { $0 + $1.count }
            return "deadlock: \(count) threads wait for each other, in \(choice.circles.count) circles"
        }
        if let circle = choice.circles.first.map(wholeCircle) {
            if circle.count == 1 { return "deadlock: \(names[circle[0]]) waits for itself" }
            return "deadlock: \(Standstill.list(circle.map { names[$0] })) wait for each other"
        }
        if threads.count == 1 { return "deadlock: \(names[0]) waits, and there is no other thread to wake it" }
        let stranded = Standstill.list(choice.positions.map { names[$0] })
        let all = threads.count == 2 ? "both" : "all \(threads.count)"
        return "deadlock: \(all) threads wait, and nobody is left to wake \(stranded)"
    }

    /// The circle with those in it who cannot be told, such as daemons, or the main thread that waits for the others' ends.
    private func wholeCircle(_ told: [Int]) -> [Int] {
        var circle = [told[0]]
        while let next = holders[circle[circle.count - 1]], next != told[0], circle.count < threads.count {
            circle.append(next)
        }
        return circle
    }

    /// `A, B and C`; of many only the first.
    private static func list(_ names: [String]) -> String {
        let shown = names.count > 4 ? names.prefix(3) + ["\(names.count - 3) more"] : names[...]
        guard shown.count > 1, let last = shown.last else { return names.first ?? "" }
        return shown.dropLast().joined(separator: ", ") + " and " + last
    }
}

import NightjarConcurrency
import Testing

/// Threads that wait for each other all the time, and come to an end.
enum Traffic: String, CaseIterable, Sendable {
    case pingPong, smallQueue, barrier, condition, semaphores, locks, joins

    static let rounds = 4_000

    /// Starts threads that are often all asleep, and never for good.
    func start(in world: World) throws -> [Running<World.Outcome>] {
        switch self {
        case .pingPong:
            let there = FIFOQueue<Int>(), back = FIFOQueue<Int>()
            return try run(world, 2) { number in
                let (mine, other) = number == 0 ? (there, back) : (back, there)
                if number == 0 { try other.put(0) }
                let item = try mine.get()
                try other.put(item + 1)
            }
        case .smallQueue:
            let queue = FIFOQueue<Int>(maxsize: 1)
            return try run(world, 6) { number in
                if number.isMultiple(of: 2) { try queue.put(number) } else { _ = try queue.get() }
            }
        case .barrier:
            let barrier = try Barrier(parties: 5)
            return try run(world, 5) { _ in _ = try barrier.wait() }
        case .condition:
            let condition = Condition(), turn = Shared(0)
            return try run(world, 8) { number in
                try condition.acquire()
                defer { try? condition.release() }
                _ = try condition.waitFor { turn.value == number }
                turn.update { $0 = (number + 1) % 8 }
                try condition.notifyAll()
            }
        case .semaphores:
            let semaphores = try (0..<6).map { try CountingSemaphore(value: $0 == 0 ? 1 : 0) }
            return try run(world, 6) { number in
                try semaphores[number].acquire()
                try semaphores[(number + 1) % 6].release()
            }
        case .locks:
            let locks = (0..<2).map { _ in RecursiveLock() }
            return try run(world, 6) { _ in
                for lock in locks { try lock.acquire() }
                for lock in locks { try lock.release() }
            }
        case .joins:
            return try run(world, 2, rounds: Traffic.rounds / 20) { _ in
                let thread = try NativeThread.start(name: "short") {}
                _ = try thread.join()
            }
        }
    }

    private func run(
        _ world: World, _ count: Int, rounds: Int = Traffic.rounds, _ round: @escaping @Sendable (Int) throws -> Void
    ) throws -> [Running<World.Outcome>] {
        try world.start {
            try (0..<count).map { number in
                try world.run("T\(number)") {
                    for _ in 0..<rounds { try round(number) }
                    return true
                }
            }
        }
    }
}

/// Threads that cannot go on.
enum Jam: String, CaseIterable, Sendable {
    case twoLocks, threeLocks, fullQueue, emptyQueue, barrier, condition, semaphore, event

    func start(in world: World) throws -> [Running<World.Outcome>] {
        switch self {
        case .twoLocks: try crossing(2, world)
        case .threeLocks: try crossing(3, world)
        case .fullQueue:
            try stuck(world, FIFOQueue<Int>(maxsize: 2)) { queue in
                while true { try queue.put(1) }
            }
        case .emptyQueue: try stuck(world, FIFOQueue<Bool>()) { try $0.get() }
        case .barrier: try stuck(world, Barrier(parties: 4)) { try $0.wait() >= 0 }
        case .condition:
            try stuck(world, Condition(lock: Lock())) { condition in
                try condition.acquire()
                defer { try? condition.release() }
                return try condition.wait()
            }
        case .semaphore: try stuck(world, CountingSemaphore(value: 0)) { try $0.acquire() }
        case .event: try stuck(world, Event()) { try $0.wait() }
        }
    }

    private func stuck<Object: Sendable>(
        _ world: World, _ object: Object, _ body: @escaping @Sendable (Object) throws -> Bool
    ) throws -> [Running<World.Outcome>] {
        try world.start { try (0..<3).map { number in try world.run("T\(number)") { try body(object) } } }
    }

    private func crossing(_ count: Int, _ world: World) throws -> [Running<World.Outcome>] {
        let locks = (0..<count).map { _ in Lock() }, meeting = try Barrier(parties: count)
        return try world.start {
            try (0..<count).map { number in
                try world.run("T\(number)") {
                    try locks[number].acquire()
                    defer { try? locks[number].release() }
                    _ = try meeting.wait()
                    return try locks[(number + 1) % count].acquire()
                }
            }
        }
    }
}

@Suite struct DeadlockStressTests {
    @Test(arguments: Traffic.allCases) func whoGoesOnIsNotTold(_ traffic: Traffic) throws {
        for thread in try traffic.start(in: World(pause: 0.0002)) { #expect(try thread.value() == .passed) }
    }

    @Test(arguments: Jam.allCases) func whoCannotGoOnIsToldEveryTime(_ jam: Jam) throws {
        let world = World(pause: 0.0002)
        for _ in 0..<100 {
            let reports = try jam.start(in: world).map { try $0.value().report }
            #expect(reports[0] != nil && reports.allSatisfy { $0 == reports[0] })
        }
    }

    @Test func aGrantThatComesWithTheReportIsNotLost() throws {
        let world = World(pause: 0), semaphore = try CountingSemaphore(value: 0)
        var passed = 0
        for round in 0..<1_000 {
            let thread = try world.run("A") { try semaphore.acquire() }
            // From outside, after a while that differs from round to round.
            for _ in 0..<(round % 100 * 20) { _ = Deadline.now }
            try semaphore.release()
            switch try thread.value() {
            case .passed: passed += 1
            case let outcome: #expect(outcome.report != nil)
            }
        }
        #expect(semaphore.value == 1_000 - passed)
    }

    @Test func anInterruptThatComesWithTheReportLeavesNothingBehind() throws {
        let world = World(pause: 0), event = Event()
        for round in 0..<1_000 {
            let thread = try world.run("A") {
                let outcome = World.Outcome { try event.wait() }
                #expect(outcome == .interrupted || outcome.report != nil)
                Waiter.current.clearInterrupt()
                // No deadline, and a wait that ends: whatever was left of the first would end it.
                return try NativeThread.start(name: "short") {}.join()
            }
            for _ in 0..<(round % 100 * 20) { _ = Deadline.now }
            thread.thread.waiter.interrupt()
            let outcome = try thread.value()
            // The interrupt may come after the first wait.
            #expect(outcome == .passed || outcome == .interrupted)
        }
    }
}

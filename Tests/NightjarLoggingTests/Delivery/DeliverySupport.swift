import Foundation
import NightjarLogging
import Synchronization

/// A handler whose records wait in `emit` until the gate is open, and that can be told to fail.
final class GatedHandler: Handler {
    let core = HandlerCore()
    let gate: Gate
    private let kept = Mutex<[String]>([])
    private let failures = Mutex<[any Error]>([])

    init(isOpen: Bool = true) { gate = Gate(isOpen: isOpen) }

    var messages: [String] { kept.withLock { $0 } }
    /// The next attempts fail with these.
    func fail(with errors: [any Error]) { failures.withLock { $0 += errors } }
    var attemptsToFail: Int { failures.withLock { $0.count } }

    func emit(_ record: LogRecord, text: inout [UInt8]) throws {
        gate.pass()
        if let error = failures.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { throw error }
        let message = String(decoding: text, as: UTF8.self)
        kept.withLock { $0.append(message) }
    }
}

/// What threads wait at until it is opened.
final class Gate: Sendable {
    private let condition = NSCondition()
    private let state: Mutex<(isOpen: Bool, arrived: Int)>

    init(isOpen: Bool) { state = Mutex((isOpen, 0)) }

    func open() {
        condition.lock()
        state.withLock { $0.isOpen = true }
        condition.broadcast()
        condition.unlock()
    }

    func pass() {
        condition.lock()
        defer { condition.unlock() }
        state.withLock { $0.arrived += 1 }
        condition.broadcast()
        while !state.withLock({ $0.isOpen }) { condition.wait() }
    }

    /// Waits until so many have come to the gate.
    func waitForArrivals(_ count: Int) {
        condition.lock()
        defer { condition.unlock() }
        while state.withLock({ $0.arrived }) < count { condition.wait() }
    }
}

/// A sink that blocks until its gate is open, and that can be full.
final class GatedSink: Sink {
    let gate: Gate
    let memory = MemorySink()
    init(isOpen: Bool = true) { gate = Gate(isOpen: isOpen) }
    func write(_ bytes: [UInt8]) {
        gate.pass()
        memory.write(bytes)
    }
    func flush() {}
    func close() {}
}

extension LoggingSystem {
    /// A logger of its own for one handler.
    func logger(_ name: String, _ handler: any Handler) -> Logger {
        let logger = logger(name)
        logger.propagate = false
        logger.level = .debug
        logger.addHandler(handler)
        return logger
    }
}

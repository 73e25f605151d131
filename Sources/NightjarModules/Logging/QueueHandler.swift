import NightjarConcurrency
import NightjarLogging
import NightjarLua
import Synchronization

/// `logging.handlers.QueueHandler`: puts records into a script's queue, with their text already made.
///
/// A full queue loses the record, and that is reported, as in Python. Thread-safe.
final class QueueHandler: Handler, CrossesThreads {
    let core = HandlerCore()
    let queue: ScriptQueue
    private let attached = Mutex<QueueListener?>(nil)

    init(_ queue: ScriptQueue) { self.queue = queue }

    static var luaType: LuaType { HandlerTypes.queue }

    /// The listener that a configuration made together with the handler.
    var listener: QueueListener? {
        get { attached.withLock { $0 } }
        set { attached.withLock { $0 = newValue } }
    }

    func emit(_ record: LogRecord, text: inout [UInt8]) throws {
        try enqueue(QueueHandler.prepared(record, String(decoding: text, as: UTF8.self)))
    }

    func enqueue(_ record: LogRecord) throws { try put(LuaData(RecordObject(record)).message()) }

    func put(_ item: Message) throws {
        do { try queue.put(item, until: .passed) } catch {
            // As Python's report has it: the class alone, since there is nothing more to say.
            let text = error.luaException.description
            throw ScriptFailure(error: LuaError(.runtime, text.hasSuffix(": ") ? String(text.dropLast(2)) : text))
        }
    }

    /// A record that says what it shows, and nothing that would have to be shown again.
    static func prepared(_ record: LogRecord, _ text: String) -> LogRecord {
        var record = record
        record.message = text
        record.messageError = nil
        record.template = text
        record.arguments = nil
        record.omitted.insert(.arguments)
        record.excText = nil
        record.payload = nil
        record.stackInfo = nil
        return record
    }
}

import NightjarLogging
import NightjarLua

/// What all handlers can do. The object is any handler: of ours, of the application's, of the script's.
enum HandlerMethods {
    typealias Builder = LuaType.Builder<ScriptHandler>

    static func addSettings(_ type: inout Builder) {
        type.method(
            "setLevel", doc: "Sets the level, by number or name.",
            unbound: { call in
                try call.handlerObject(1).level = call.level(2)
                return 0
            })
        let formatterDoc = "Sets the formatter: a formatter object, a table with a method format, or a function."
        type.method(
            "setFormatter", doc: formatterDoc,
            unbound: { call in
                try call.handlerObject(1).formatter = ScriptFormatter.formatter(call, at: 2)
                return 0
            })
        for name in ["setName", "set_name"] {
            type.method(
                name, doc: "Names the handler.",
                unbound: { call in
                    try call.handlerObject(1).name = call.argument(2)
                    return 0
                })
        }
        for name in ["getName", "get_name"] {
            type.method(
                name, doc: "The handler's name.", unbound: { call in try call.results(call.handlerObject(1).name) })
        }
        type.property(
            "name", unboundGet: { call in try call.results(call.handlerObject(1).name) },
            unboundSet: { call in
                try call.handlerObject(1).name = call.argument(2)
            })
        type.property(
            "level", unboundGet: { call in try call.results(call.handlerObject(1).level.rawValue) },
            unboundSet: { call in
                try call.handlerObject(1).level = call.level(2)
            })
        type.property(
            "formatter",
            unboundGet: { call in
                try ComponentList.pushOne(call.handlerObject(1).formatter, to: call.stack)
                return 1
            }, unboundSet: { call in try call.handlerObject(1).formatter = ScriptFormatter.formatter(call, at: 2) })
    }

    static func addFilters(_ type: inout Builder) {
        type.method(
            "addFilter", doc: "Adds a filter: a filter object, a table with a method filter, or a function.",
            unbound: { call in
                try call.handlerObject(1).addFilter(ScriptFilter.filter(call, at: 2))
                return 0
            })
        type.method(
            "removeFilter", doc: "Removes a filter.",
            unbound: { call in
                if let filter = try ScriptFilter.known(call, at: 2) { try call.handlerObject(1).removeFilter(filter) }
                return 0
            })
        type.method(
            "filter", doc: "Asks the handler's filters: the record that goes on, or false.",
            unbound: { call in
                try FilterResult.push(call.handlerObject(1).filter(call.record(2)), call, record: 2)
            })
        type.property(
            "filters",
            unboundGet: { call in
                try ComponentList.push(call.handlerObject(1).filters, to: call.stack)
            }, unboundSet: { call in try call.handlerObject(1).core.filters = ComponentList.filters(call, at: 2) })
    }

    static func addRecords(_ type: inout Builder) {
        type.method(
            "format", doc: "The text of a record.",
            unbound: { call in
                let handler = try call.handlerObject(1), record = try call.record(2)
                let text = try (handler as? ScriptHandler)?.text(record) ?? handler.format(record)
                try call.takeChanges(record: 2)
                return try call.results(text)
            })
        type.method(
            "emit", doc: "Delivers one record.",
            unbound: { call in
                try emit(call)
                return 0
            })
        type.method(
            "handle", doc: "Filters and emits a record.",
            unbound: { call in
                try handle(call)
            })
        type.method(
            "handleError", doc: "Reports that a record could not be handled.",
            unbound: { call in
                try reportError(call)
                return 0
            })
        type.method(
            "stats", doc: "What became of the handler's records: a table of counts.",
            unbound: { call in
                try LogStatistics.push(call.handlerObject(1).statistics, to: call.stack)
                return 1
            })
        addResources(&type)
    }

    private static func addResources(_ type: inout Builder) {
        type.method(
            "flush", doc: "Hands on what is kept back.",
            unbound: { call in
                let handler = try call.handlerObject(1)
                handler.core.flushFilters()
                try call.waiting { try handler.core.drain() }
                if let script = handler as? ScriptHandler, script.cell == nil {
                    try script.base?.flush()
                } else {
                    try handler.flush()
                }
                return 0
            })
        let close: @Sendable (LuaCall) throws -> Int32 = { call in
            let handler = try call.handlerObject(1)
            handler.core.flushFilters()
            guard HandlerClosing.endsQueue(handler, call) else { return 0 }
            if let script = handler as? ScriptHandler, script.cell == nil {
                try script.base?.close()
            } else {
                try handler.close()
            }
            call.logging.unregister(handler)
            return 0
        }
        type.method("close", doc: "Ends the handler.", unbound: close)
        type.metamethod("__close", unbound: close)
        type.method("createLock", doc: "Does nothing: a handler has its lock from the start.", unbound: { _ in 0 })
        type.method(
            "acquire", doc: "Takes the handler's lock.",
            unbound: { call in
                try call.handlerObject(1).acquire()
                return 0
            })
        type.method(
            "release", doc: "Gives the handler's lock back.",
            unbound: { call in
                try call.handlerObject(1).release()
                return 0
            })
        type.metamethod(
            "__tostring",
            unbound: { call in
                let handler = try call.handlerObject(1)
                let target = try target(handler, call.logging) ?? streamName(call),
                    level = call.logging.getLevelName(handler.level)
                return try call.results("<\(call.stack.typeName(at: 1)) \(target)(\(level))>")
            })
    }

    /// Where records go, as Python's `repr` names it.
    private static func target(_ handler: any Handler, _ logging: LoggingSystem) -> String? {
        switch handler {
        case let file as any FileBacked: file.baseFilename + " "
        case let stream as StreamHandler where stream.stream === logging.standardOutput: "<stdout> "
        case let stream as StreamHandler where stream.stream === logging.standardError: "<stderr> "
        case let script as ScriptHandler: script.base.flatMap { target($0, logging) }
        default: nil
        }
    }

    /// What a script's own stream has as `name`, as Python shows it.
    private static func streamName(_ call: LuaCall) throws -> String {
        let stack = call.stack, top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(8)
        try stack.get(1, "stream")
        guard stack.type(at: -1) == .table else { return "" }
        try stack.get(top + 1, "name")
        guard !stack.isNilOrNone(at: -1), let name = try ScriptValue.text(stack, at: -1), !name.isEmpty else {
            return ""
        }
        return name + " "
    }

    /// Python's `handle`: gives the record that passed the filters, or false. A script's handler that works in this interpreter is asked
    /// to `emit` by its own method.
    private static func handle(_ call: LuaCall) throws -> Int32 {
        let handler = try call.handlerObject(1), object = try call.argument(2, as: RecordObject.self)
        guard let script = handler as? ScriptHandler, script.cell == nil else {
            var record = object.record, passes = true
            switch handler {
            case is ScriptHandler, is MemoryHandler, is BacktraceHandler, is NullHandler:
                handler.handle(&record, reporter: call.logging.reporter)
            default: passes = handler.handleUsually(&record, reporter: call.logging.reporter)
            }
            object.record = record
            guard passes else { return try call.results(false) }
            call.stack.setTop(2)
            return 1
        }
        guard let passed = try script.filter(object.record) else { return try call.results(false) }
        object.record = passed
        let stack = call.stack
        script.acquire()
        defer { script.release() }
        do {
            try stack.get(1, "emit")
            stack.pushCopy(of: 1)
            stack.pushCopy(of: 2)
            try stack.call(arguments: 2, results: 0)
        } catch {
            // Our classes' own `emit` lets no error out in Python.
            guard script.base != nil else { throw error }
            stack.setTop(2)
            try report(ScriptFailure.reportable(error), call)
        }
        stack.setTop(2)
        return 1
    }

    /// For a script's handler this is what its superclass does: the text as `self:format` gives it, to the superclass's target.
    private static func emit(_ call: LuaCall) throws {
        let handler = try call.handlerObject(1)
        if let script = handler as? ScriptHandler, script.cell == nil, script.base == nil {
            throw LuaException(.notImplementedError, "emit must be implemented by Handler subclasses")
        }
        let object = try call.argument(2, as: RecordObject.self)
        guard let script = handler as? ScriptHandler, script.cell == nil, let base = script.base else {
            return object.withRecord { handler.emit(changing: &$0, reporter: call.logging.reporter) }
        }
        if let memory = base as? MemoryHandler { return try keep(call, memory, object.record) }
        if base is QueueHandler { return try enqueue(call) }
        if let rotating = base as? any RotatingHandler,
            try RotationMethods.emit(call, rotating, text: { Array(try formatted(call).utf8) })
        {
            return
        }
        NetworkChoices.shareFormatter(of: script, with: base)
        var text = Array(try formatted(call).utf8)
        try (base as? any FileBacked)?.encode(&text)
        var record = object.record
        guard try NetworkChoices.collect(call, base, &record) else { return }
        try base.core.lock.withLock { try base.emit(record, text: &text) }
    }
}

extension HandlerMethods {
    /// The text of the record at 2 by the `format` of the script's handler at 1.
    static func formatted(_ call: LuaCall) throws -> String {
        let stack = call.stack
        try stack.get(1, "format")
        stack.pushCopy(of: 1)
        stack.pushCopy(of: 2)
        try stack.call(arguments: 2, results: 1)
        guard stack.type(at: -1) == .string else {
            throw LuaException(.typeError, "format must return a string, got \(stack.typeName(at: -1))")
        }
        return ScriptText.text(stack, at: -1)
    }

    /// Python's `QueueHandler.emit`: the script's `prepare` and `enqueue` say what goes where.
    private static func enqueue(_ call: LuaCall) throws {
        let stack = call.stack
        try stack.get(1, "enqueue")
        stack.pushCopy(of: 1)
        try stack.get(1, "prepare")
        stack.pushCopy(of: 1)
        stack.pushCopy(of: 2)
        try stack.call(arguments: 2, results: 1)
        try stack.call(arguments: 2, results: 0)
    }

    /// Tells of a failure with the record at 2 by the `handleError` of the script's handler at 1.
    static func report(_ error: ScriptFailure, _ call: LuaCall) throws {
        let stack = call.stack, handler = try call.handlerObject(1)
        guard let script = handler as? ScriptHandler else { return }
        let before = script.failure
        script.failure = LoggingFailure(error, record: try call.record(2), place: .handler(handler))
        defer { script.failure = before }
        try stack.get(1, "handleError")
        stack.pushCopy(of: 1)
        stack.pushCopy(of: 2)
        try stack.call(arguments: 2, results: 0)
    }

    /// Python's `handleError`. A script's own, called because of a failure, finds that failure here when it asks its superclass.
    fileprivate static func reportError(_ call: LuaCall) throws {
        let handler = try call.handlerObject(1), record = try call.record(2), reporter = call.logging.reporter
        if call.stack.isNilOrNone(at: 3), let script = handler as? ScriptHandler, var failure = script.failure {
            failure.record = record
            return reporter.report(failure)
        }
        let given = call.stack.isNilOrNone(at: 3) ? nil : try ErrorValueText.text(call.stack, at: 3)
        let failure = ScriptFailure(error: LuaError(.runtime, given ?? ErrorValueText.none))
        handler.handleError(LoggingFailure(failure, record: record, place: .handler(handler)), reporter: reporter)
    }

    /// Python's `BufferingHandler.emit`: the script's `shouldFlush` and `flush` say what comes after.
    private static func keep(_ call: LuaCall, _ memory: MemoryHandler, _ record: LogRecord) throws {
        let stack = call.stack
        memory.keep(record)
        try stack.get(1, "shouldFlush")
        stack.pushCopy(of: 1)
        stack.pushCopy(of: 2)
        try stack.call(arguments: 2, results: 1)
        guard stack.boolean(at: -1) else { return }
        try stack.get(1, "flush")
        stack.pushCopy(of: 1)
        try stack.call(arguments: 1, results: 0)
    }
}

/// The end of a handler that a script closes.
private enum HandlerClosing {
    /// - Returns: false if the handler is stuck, and is to be left alone; that has been told.
    static func endsQueue(_ handler: any Handler, _ call: LuaCall) -> Bool {
        let lost = handler.core.endDelivery()
        guard lost != 0 else { return true }
        if lost > 0 { call.logging.tell(undelivered: lost, of: handler) }
        call.logging.unregister(handler)
        return false
    }
}

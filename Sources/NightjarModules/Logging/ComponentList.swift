import NightjarLogging
import NightjarLua

/// Handlers and filters as an array of the objects that scripts know.
enum ComponentList {
    /// The handlers of an array, for a logger to keep.
    static func handlers(_ call: LuaCall, at index: Int32) throws -> [any Handler] {
        try read(call, at: index, "handlers") { try call.handler($0) }
    }

    static func filters(_ call: LuaCall, at index: Int32) throws -> [any Filter] {
        try read(call, at: index, "filters") { try ScriptFilter.filter(call, at: $0) }
    }

    private static func read<Component>(
        _ call: LuaCall, at index: Int32, _ what: String, _ component: (Int32) throws -> Component
    ) throws -> [Component] {
        let stack = call.stack
        guard stack.type(at: index) == .table else {
            throw call.badArgument(index, "table of \(what) expected, got \(stack.typeName(at: index))")
        }
        try stack.reserve(12)
        return try (0..<stack.rawLength(at: index)).map { position in
            stack.rawGet(index, position + 1)
            defer { stack.pop() }
            return try component(stack.top)
        }
    }

    static func push(_ components: [AnyObject], to stack: LuaStack) throws -> Int32 {
        stack.newTable(array: components.count)
        for (offset, component) in components.enumerated() {
            try pushOne(component, to: stack)
            stack.rawSet(-2, offset + 1)
        }
        return 1
    }

    /// Pushes a component; one that the application made and no script knows the class of appears as an opaque object.
    static func pushOne(_ component: AnyObject?, to stack: LuaStack) throws {
        switch component {
        case nil: stack.pushNil()
        case let filter as ScriptFilter where try filter.pushOrigin(to: stack): break
        case let formatter as ScriptFormatter where try formatter.pushOrigin(to: stack): break
        case let object as any LuaObject:
            try object.push(to: stack)
            RemoteInstance.redirectIfMoved(stack, at: -1)
        case let handler as any Handler: try NativeHandler(handler).push(to: stack)
        case let filter as any Filter: try NativeFilter(filter).push(to: stack)
        case let formatter as any Formatter: try NativeFormatter(formatter).push(to: stack)
        case .some: stack.pushNil()
        }
    }
}

import CLua
import CLuaSupport
import Glibc

/// `require`: native modules first, then `.lua` files from the interpreter's folders.
enum ModuleLoader {
    private static let requireFunction = SharedFunction("require") { try ModuleLoader.require($0) }
    private static let searchFunction = SharedFunction("search") { try ModuleLoader.search($0) }

    /// Gives the interpreter a `require` if it has no `package` library, and puts our searcher into `package.searchers` if it has.
    static func install(in state: LuaState) {
        let stack = state.stack, top = stack.top
        defer { stack.setTop(top) }
        stack.pushGlobals()
        if state.options.libraries.contains(.package) {
            guard stack.rawGet(-1, "package") == .table, stack.rawGet(-1, "searchers") == .table else { return }
            insertSearcher(stack.top, stack)
        } else {
            requireFunction.push(to: stack)
            stack.rawSet(-2, "require")
        }
    }

    /// Second, so that `package.preload` goes first as Lua's manual has it.
    private static func insertSearcher(_ searchers: Int32, _ stack: LuaStack) {
        for index in stride(from: stack.rawLength(at: searchers), to: 1, by: -1) {
            stack.rawGet(searchers, index)
            stack.rawSet(searchers, index + 1)
        }
        searchFunction.push(to: stack)
        stack.rawSet(searchers, 2)
    }

    private static func search(_ call: LuaCall) throws -> Int32 {
        let name: String = try call.argument(1)
        switch find(name, call.state) {
        case .native(let module):
            pushOpener(module, call.stack)
            return try 1 + call.results(":nightjar:")
        case .file(let path):
            try call.state.pushChunk(SourceFile.read(path), chunkName: "@" + path, to: call.stack)
            return try 1 + call.results(path)
        case .missing(let tried):
            // With nothing to add, Lua's own message stays as it is.
            return tried.isEmpty ? 0 : try call.results(tried)
        }
    }

    private enum Finding {
        case native(LuaModule)
        case file(String)
        case missing(String)
    }

    private static func find(_ name: String, _ state: LuaState) -> Finding {
        if let module = state.modules.last(where: { $0.name == name }) { return .native(module) }
        var tried = ""
        // A name is not a path: dots separate folders, and nothing leads out of them.
        let relative = String(name.map { $0 == "." ? "/" : $0 })
        guard !name.isEmpty, !name.contains("/"), !name.contains("..") else {
            return .missing("no module can be called '\(name)'")
        }
        for folder in state.options.moduleFolders {
            for candidate in ["\(folder)/\(relative).lua", "\(folder)/\(relative)/init.lua"] {
                if access(candidate, R_OK) == 0 { return .file(candidate) }
                tried += (tried.isEmpty ? "" : "\n\t") + "no file '\(candidate)'"
            }
        }
        return .missing(tried)
    }

    /// Whether `require` would find the module: looked for where it looks, and not loaded.
    static func canFind(_ name: String, _ state: LuaState) -> Bool {
        if case .missing = find(name, state) {} else { return true }
        guard state.options.libraries.contains(.package) else { return false }
        let stack = state.stack, top = stack.top
        defer { stack.setTop(top) }
        stack.pushRegistryTable("_PRELOAD")
        if stack.type(at: -1) == .table, stack.rawGet(-1, name) != .nil { return true }
        stack.setTop(top)
        stack.pushRegistryTable("_LOADED")
        guard stack.rawGet(-1, "package") == .table else { return false }
        // A C library may hold the modules below its own.
        return isFile(name, onPath: "path", stack) || isFile(name, onPath: "cpath", stack)
            || isFile(String(name.prefix { $0 != "." }), onPath: "cpath", stack)
    }

    /// Whether a template in the field of the table on top leads to a file, by the rules of `package.searchpath`.
    private static func isFile(_ name: String, onPath field: String, _ stack: LuaStack) -> Bool {
        defer { stack.pop() }
        guard stack.rawGet(-1, field) == .string else { return false }
        let relative = name.split(separator: ".", omittingEmptySubsequences: false).joined(separator: "/")
        return stack.string(at: -1).split(separator: ";").contains { template in
            let parts = template.split(separator: "?", omittingEmptySubsequences: false)
            return access(parts.joined(separator: relative), R_OK) == 0
        }
    }

    private static func pushOpener(_ module: LuaModule, _ stack: LuaStack) {
        NativeFunction(name: "require") { call in
            try open(module, call)
            return 1
        }.push(to: stack)
    }

    private static func open(_ module: LuaModule, _ call: LuaCall) throws {
        let stack = call.stack
        try stack.reserve(40)
        stack.newTable(record: 16)
        var builder = LuaModuleBuilder(state: call.state, stack: stack, table: stack.top)
        try module.build(&builder)
        builder.addHelp(module)
        ModuleClasses.install(builder.classes, in: builder.table, stack)
        stack.setTop(builder.table)
    }

    /// `require` for interpreters without the `package` library.
    private static func require(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack, name: String = try call.argument(1)
        stack.setTop(1)
        stack.pushRegistryTable("_LOADED")
        if stack.rawGet(2, name) != .nil, stack.boolean(at: -1) { return 1 }
        stack.setTop(2)
        switch find(name, call.state) {
        case .native(let module): try open(module, call)
        case .file(let path):
            try call.state.pushChunk(SourceFile.read(path), chunkName: "@" + path, to: stack)
            stack.pushCopy(of: 1)
            stack.push(path)
            try stack.call(arguments: 2, results: 1)
        case .missing(let tried):
            let detail = tried.isEmpty ? "" : ":\n\t\(tried)"
            throw LuaException(
                .moduleNotFoundError, "module '\(name)' not found\(detail)", attributes: [("name", name)])
        }
        return finish(name, stack)
    }

    /// Notes the value on top as the module's and gives it; nil becomes true, as in Lua.
    private static func finish(_ name: String, _ stack: LuaStack) -> Int32 {
        if stack.type(at: -1) == .nil {
            stack.pop()
            if stack.rawGet(2, name) == .nil {
                stack.pop()
                stack.push(true)
            }
        }
        stack.pushCopy(of: -1)
        stack.rawSet(2, name)
        LuaState.of(stack).context.pointee.modules_added &+= 1
        return 1
    }
}

extension LuaState {
    /// Makes a native module known to `require`, in place of one of that name.
    public func register(_ module: LuaModule) { modules.append(module) }

    /// Makes many modules known to `require`; interpreters share the list.
    public func register(_ list: LuaModuleList) {
        if modules.isEmpty { modules = list.modules } else { modules += list.modules }
    }

    /// Whether `require(name)` would find a module if none were loaded. Nothing is loaded by this. For the thread that the interpreter
    /// is used on.
    public func canFindModule(_ name: String) -> Bool { ModuleLoader.canFind(name, self) }

    /// Pushes what `require(name)` gives; the same as a script would see.
    public func pushModule(_ name: String, to stack: LuaStack) throws(LuaError) {
        stack.pushGlobals()
        try stack.get(-1, "require")
        stack.remove(at: -2)
        stack.push(name)
        try stack.call(arguments: 1, results: 1)
    }
}

extension LuaModuleBuilder {
    /// `module.help()` prints the names with one line each; `module.help("name")` one of them.
    mutating func addHelp(_ module: LuaModule) {
        let entries = self.entries
        function("help", nil, doc: "Prints what this module has.") { call in
            let wanted: String? = try call.argument(1)
            let found = entries.filter { wanted == nil || $0.name == wanted }
            guard !found.isEmpty else {
                throw LuaException(.keyError, "no '\(wanted ?? "")' in module '\(module.name)'")
            }
            let width = found.map(\.name.count).max() ?? 0
            var lines = found.map { $0.name + String(repeating: " ", count: width - $0.name.count) + "  " + $0.doc }
            if wanted == nil { lines.insert("\(module.name): \(module.doc)", at: 0) }
            call.stack.pushGlobals()
            try call.stack.get(-1, "print")
            call.stack.push(lines.joined(separator: "\n"))
            try call.stack.call(arguments: 1, results: 0)
            return 0
        }
    }
}

import CLua
import CLuaSupport

/// One active function of a script, as a traceback shows it.
public struct LuaFrame: Hashable, Sendable {
    /// The chunk's display name: a file's path, or the name that was given to a text.
    public let source: String
    /// The current line, or -1 for functions that are not Lua.
    public let line: Int
    /// `in function 'name'`, `in main chunk`, ...
    public let place: String
    /// Whether this is a function of a script and not one in C or Swift.
    public let isScript: Bool

    /// `config.lua:3: in function 'setup'`
    public var description: String {
        isScript ? "\(source):\(line): \(place)" : "[C]: \(place)"
    }

    init(source: String, line: Int, place: String, isScript: Bool) {
        self.source = source
        self.line = line
        self.place = place
        self.isScript = isScript
    }

    static func traceback(_ frames: [LuaFrame]) -> String {
        guard !frames.isEmpty else { return "" }
        return frames.reduce("stack traceback:") { $0 + "\n\t" + $1.description }
    }
}

extension LuaFrame {
    /// Frames beyond this many are left out from the middle, as Lua's own traceback does.
    private static let head = 12, tail = 10

    /// The active functions of the running coroutine from `level` on, innermost first, without those that only carry Nightjar.
    static func capture(_ stack: LuaStack, level: Int32 = 0) -> [LuaFrame] {
        guard lua_checkstack(stack.L, 8) != 0 else { return [] }
        let end = depth(stack)
        var innermost: [LuaFrame] = [], next = level
        while next < end, innermost.count < head {
            if let frame = LuaFrame(stack, level: next) { innermost.append(frame) }
            next += 1
        }
        // The outermost ones from the other end: Lua finds a level by counting from the innermost one, and after a stack
        // overflow there are 200,000.
        var outermost: [LuaFrame] = [], last = end
        while last > next, outermost.count < tail {
            last -= 1
            if let frame = LuaFrame(stack, level: last) { outermost.append(frame) }
        }
        if last > next {
            outermost.append(
                LuaFrame(source: "...", line: -1, place: "(\(last - next) frames left out)", isScript: false))
        }
        return innermost + outermost.reversed()
    }

    /// The number of levels, by bisection as in Lua's own traceback.
    private static func depth(_ stack: LuaStack) -> Int32 {
        var activation = lua_Debug()
        var low: Int32 = 0, high: Int32 = 1
        while lua_getstack(stack.L, high, &activation) != 0 {
            low = high
            high *= 2
        }
        while low < high {
            let middle = (low + high) / 2
            if lua_getstack(stack.L, middle, &activation) != 0 { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private init?(_ stack: LuaStack, level: Int32) {
        var activation = lua_Debug()
        guard lua_getstack(stack.L, level, &activation) != 0 else { return nil }
        self.init(stack, &activation)
    }

    private init?(_ stack: LuaStack, _ activation: inout lua_Debug) {
        lua_getinfo(stack.L, "Slnf", &activation)
        defer { stack.pop() }
        let what = String(cString: activation.what)
        let source = withUnsafeBytes(of: activation.short_src) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        isScript = what != "C"
        line = Int(activation.currentline)
        self.source = source
        if let name = LuaFrame.globalName(stack) {
            place = "in function '\(name)'"
        } else if let name = activation.name {
            place = "in \(String(cString: activation.namewhat)) '\(String(cString: name))'"
        } else if what == "main" {
            place = "in main chunk"
        } else if isScript {
            place = "in function <\(source):\(activation.linedefined)>"
        } else {
            return nil  // a nameless C function is machinery
        }
        if !isScript, place == "in function 'error'" { return nil }
    }

    /// `string.rep` for the function on top of the stack, if a loaded module has it.
    private static func globalName(_ stack: LuaStack) -> String? {
        let top = stack.top
        defer { stack.setTop(top) }
        guard stack.type(at: top) == .function else { return nil }
        stack.pushRegistryTable("_LOADED")
        for (module, prefix) in standardModules {
            guard stack.rawGet(top + 1, module) == .table else {
                stack.setTop(top + 1)
                continue
            }
            stack.pushNil()
            while stack.next(top + 2) {
                if stack.type(at: -2) == .string, stack.rawEqual(-1, top) { return prefix + stack.string(at: -2) }
                stack.pop()
            }
            stack.setTop(top + 1)
        }
        return nil
    }

    private static let standardModules = [
        ("_G", ""), ("string", "string."), ("table", "table."), ("coroutine", "coroutine."), ("io", "io."),
        ("os", "os."),
        ("math", "math."), ("utf8", "utf8."),
    ]
}

import CLua
import CLuaSupport
import Glibc

extension LuaState {
    /// Compiles source text. `name` stands in messages and tracebacks.
    /// - Throws: `.syntax` with the place; also for a compiled chunk where those are refused.
    public func load(_ source: String, name: String = "script") throws(LuaError) -> LuaFunction {
        try load(bytes: Array(source.utf8), chunkName: "=" + name)
    }

    /// Compiles a file; a first line that starts with `#` is skipped, as is a byte order mark.
    /// - Throws: `.file` if it cannot be read, `.syntax` as above.
    public func load(file path: String) throws(LuaError) -> LuaFunction {
        try load(bytes: SourceFile.read(path), chunkName: "@" + path)
    }

    /// Compiles bytes. The chunk name follows Lua's rules: `@` a file, `=` a literal name.
    public func load(bytes: [UInt8], chunkName: String) throws(LuaError) -> LuaFunction {
        try withStack { stack throws(LuaError) in
            try pushChunk(bytes, chunkName: chunkName, to: stack)
            return LuaFunction(reference: LuaReference(stack, at: -1))
        }
    }

    /// Compiles and runs source text; gives all its results.
    @discardableResult
    public func run(_ source: String, name: String = "script", arguments: [String] = []) throws(LuaError) -> [LuaValue]
    {
        try run(load(source, name: name), arguments: arguments)
    }

    /// Compiles and runs a file; gives all its results.
    @discardableResult
    public func run(file path: String, arguments: [String] = []) throws(LuaError) -> [LuaValue] {
        try run(load(file: path), arguments: arguments)
    }

    /// Runs a compiled chunk with `arguments` as its `...`; gives all its results.
    @discardableResult
    public func run(_ chunk: LuaFunction, arguments: [String]) throws(LuaError) -> [LuaValue] {
        let stack = self.stack
        let base = stack.top
        defer { stack.setTop(base) }
        try stack.reserve(Int32(clamping: arguments.count) + 16)
        try chunk.push(to: stack)
        for argument in arguments { stack.push(argument) }
        try stack.call(arguments: Int32(arguments.count), results: -1)
        return try conversion { () throws(LuaMismatch) in
            var results: [LuaValue] = []
            for index in stride(from: base + 1, through: stack.top, by: 1) {
                results.append(try LuaValue.read(from: stack, at: index))
            }
            return results
        }
    }

    /// Pushes the compiled chunk.
    func pushChunk(_ bytes: [UInt8], chunkName: String, to stack: LuaStack) throws(LuaError) {
        let text = SourceFile.withoutPrelude(bytes)
        if !options.allowsBinaryChunks, text.first == 0x1b {
            throw LuaError(
                .syntax, "\(SourceFile.displayName(chunkName)): a compiled chunk is refused: give the source text")
        }
        let status = text.withUnsafeBytes { buffer in
            nj_load(
                stack.L, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, chunkName,
                options.allowsBinaryChunks ? "bt" : "t")
        }
        try stack.check(status)
    }
}

/// Reads script files without Foundation.
public enum SourceFile {
    /// The bytes of the file at `path`; `-` is standard input.
    public static func read(_ path: String) throws(LuaError) -> [UInt8] {
        let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { if descriptor != 0 { _ = Glibc.close(descriptor) } }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(path, errno)
            }
            if count == 0 { return result }
            result += chunk[..<count]
        }
    }

    private static func failure(_ path: String, _ code: Int32) -> LuaError {
        LuaError(.file, "cannot open \(path): \(String(cString: strerror(code)))")
    }

    /// Without a byte order mark and a first line that starts with `#`; line numbers stay.
    static func withoutPrelude(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var rest = bytes[...]
        if rest.starts(with: [0xef, 0xbb, 0xbf]) { rest = rest.dropFirst(3) }
        if rest.first == UInt8(ascii: "#") { rest = rest.drop { $0 != UInt8(ascii: "\n") } }
        return rest
    }

    static func displayName(_ chunkName: String) -> String {
        chunkName.hasPrefix("@") || chunkName.hasPrefix("=") ? String(chunkName.dropFirst()) : chunkName
    }
}

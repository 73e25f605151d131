public import NightjarBinary
public import NightjarLua

extension ZipError: LuaExceptionConvertible {
    public var luaException: LuaException {
        guard kind != .system else {
            let system = OperatingSystemError.exception(errorNumber, path: path)
            return LuaException(system.exceptionClass, message, attributes: system.attributes)
        }
        return LuaException(Self.classes[kind] ?? .runtimeError, message)
    }

    private static let classes: [Kind: LuaExceptionClass] = [
        .badZipFile: ZipExceptions.badZipFile, .largeZipFile: ZipExceptions.largeZipFile,
        .limit: ZipExceptions.zipLimitError, .key: .keyError, .value: .valueError, .runtime: .runtimeError,
        .notImplemented: .notImplementedError, .unsupportedOperation: ZipExceptions.unsupportedOperation,
    ]
}

/// The exception classes of `zipfile`.
enum ZipExceptions {
    static let badZipFile = LuaExceptionClass("BadZipFile", module: "zipfile")
    static let largeZipFile = LuaExceptionClass("LargeZipFile", module: "zipfile")
    static let zipLimitError = LuaExceptionClass("ZipLimitError", module: "zipfile", parent: badZipFile)
    /// Python's `io.UnsupportedOperation`.
    static let unsupportedOperation = LuaExceptionClass("UnsupportedOperation", module: "io", parent: .osError)
}

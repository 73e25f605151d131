import Glibc

/// Errors of the operating system as Python's `OSError` and its subclasses.
public enum OperatingSystemError {
    static func exceptionClass(_ code: Int32) -> LuaExceptionClass {
        switch code {
        case EAGAIN, EALREADY, EINPROGRESS: .blockingIOError
        case EPIPE, ESHUTDOWN: .brokenPipeError
        case ECONNREFUSED: .connectionRefusedError
        case ECONNRESET: .connectionResetError
        case EEXIST: .fileExistsError
        case ENOENT: .fileNotFoundError
        case EINTR: .interruptedError
        case EISDIR: .isADirectoryError
        case ENOTDIR: .notADirectoryError
        case EACCES, EPERM: .permissionError
        case ETIMEDOUT: .timeoutError
        default: .osError
        }
    }

    /// `[Errno 2] No such file or directory: 'x.zip'`, with `errno`, `strerror` and `filename` as attributes.
    public static func exception(_ code: Int32, path: String? = nil) -> LuaException {
        let text = String(cString: strerror(code))
        var attributes: [(String, any LuaPushable & Sendable)] = [("errno", Int(code)), ("strerror", text)]
        if let path { attributes.append(("filename", path)) }
        return LuaException(
            exceptionClass(code), "[Errno \(code)] \(text)" + (path.map { ": '\($0)'" } ?? ""), attributes: attributes)
    }
}

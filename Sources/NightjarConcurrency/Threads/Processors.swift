internal import Glibc

/// The processors of the machine.
public enum Processors {
    /// How many this process may use: affinity and container limits of processors included. At least 1.
    public static let usable: Int = max(1, allowed ?? sysconf(CInt(_SC_NPROCESSORS_ONLN)))

    /// Counted from the mask in the process' status: the call for it is hidden from Swift, and a program without dynamic linking
    /// cannot look it up.
    private static var allowed: Int? {
        guard let status = read("/proc/self/status") else { return nil }
        let name = "Cpus_allowed:"
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return nil }
        return line.dropFirst(name.count).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
    }

    private static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 14)
        let count = Glibc.read(file, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}

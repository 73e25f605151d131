/// Where a socket leads.
public enum Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// A name or address, and a port.
    case host(String, port: Int)
    /// A socket in the file system.
    case path(String)

    public var description: String {
        switch self {
        case .host(let name, let port): name.contains(":") ? "[\(name)]:\(port)" : "\(name):\(port)"
        case .path(let path): path
        }
    }
}

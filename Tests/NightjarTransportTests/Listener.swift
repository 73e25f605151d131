import Foundation
import Synchronization
import Testing

/// A TCP server of the test's own, which does with its connections what the test says.
final class Listener: Sendable {
    let port: Int
    private let descriptor: Mutex<Int32>

    /// - Parameter port: 0 takes a free one.
    init(port: Int = 0, backlog: Int32 = 16) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(socket >= 0)
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(socket, generic, size) == 0 && listen(socket, backlog) == 0
                    && getsockname(socket, generic, &size) == 0
            }
        }
        try #require(status, "port \(port)")
        self.port = Int(in_port_t(bigEndian: address.sin_port))
        descriptor = Mutex(socket)
    }

    deinit { close() }

    func close() {
        descriptor.withLock {
            if $0 >= 0 { Glibc.close($0) }
            $0 = -1
        }
    }

    /// The next connection.
    func accept() -> Peer { Peer(Glibc.accept(descriptor.withLock { $0 }, nil, nil)) }
}

/// The receiving end of a connection.
final class Peer {
    private var descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }
    deinit { close() }

    /// Reads so many lines.
    func lines(_ count: Int) -> [String] {
        var bytes: [UInt8] = []
        while bytes.count(where: { $0 == 0x0A }) < count {
            var byte: UInt8 = 0
            guard recv(descriptor, &byte, 1, 0) == 1 else { break }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Everything up to the end of the connection.
    func rest() -> [String] { lines(.max) }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Ends the connection with a reset, as a machine that has lost it does.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        close()
    }
}

/// The arguments that network handlers have in several forms.
extension ComponentArguments {
    /// A host with a port, or a path alone: `"/dev/log"`, `{"localhost", 514}`, `{host = "localhost", port = 514}`.
    func address(_ name: String) throws(LoggingError) -> (host: String, port: Int?)? {
        switch self[name] {
        case nil: return nil
        case .string(let host)?: return (host, nil)
        case .array(let pair)?:
            if pair.count == 2, case .string(let host) = pair[0], case .int(let port) = pair[1] {
                return (host, Int(port))
            }
        case .object(let entries)?:
            if case .string(let host)? = entries["host"], case .int(let port)? = entries["port"], entries.count == 2 {
                return (host, Int(port))
            }
        default: break
        }
        throw LoggingError(.type, "\(name): expected a string, or a host and a port such as {\"localhost\", 514}")
    }

    /// `{"user", "password"}`, `{username = "user", password = "password"}` or `{bearer = "token"}`.
    func credentials(_ name: String = "credentials") throws(LoggingError) -> NetworkCredentials? {
        switch self[name] {
        case nil: return nil
        case .array(let pair)?:
            if pair.count == 2, case .string(let user) = pair[0], case .string(let password) = pair[1] {
                return .basic(user: user, password: password)
            }
        case .object(let entries)?:
            if entries.count == 1, case .string(let token)? = entries["bearer"] { return .bearer(token: token) }
            if entries.count == 2, case .string(let user)? = entries["username"],
                case .string(let password)? = entries["password"]
            {
                return .basic(user: user, password: password)
            }
        default: break
        }
        throw LoggingError(.type, "\(name): expected {\"user\", \"password\"} or {bearer = \"token\"}")
    }

    /// `{cafile = "ca.pem", capath = "certs", certfile = "own.pem", keyfile = "own.key", verify = true}`.
    func tls(_ name: String) throws(LoggingError) -> NetworkTLS? {
        guard let value = self[name] else { return nil }
        guard case .object(let entries) = value else {
            if case .array(let elements) = value, elements.isEmpty { return NetworkTLS() }
            throw LoggingError(.type, "\(name): expected a table such as {cafile = \"ca.pem\"}, got \(value.shown)")
        }
        return try Self.tls(entries, name)
    }

    private static func tls(_ entries: [String: ConfigurationValue], _ name: String) throws(LoggingError) -> NetworkTLS
    {
        var result = NetworkTLS()
        for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
            switch (key, value) {
            case ("cafile", .string(let path)): result.caFile = path
            case ("capath", .string(let path)): result.caFolder = path
            case ("certfile", .string(let path)): result.certificateFile = path
            case ("keyfile", .string(let path)): result.keyFile = path
            case ("verify", .bool(let flag)): result.verifies = flag
            case ("cafile", _), ("capath", _), ("certfile", _), ("keyfile", _), ("verify", _):
                throw LoggingError(.type, "\(name).\(key): expected another kind of value, got \(value.shown)")
            default:
                throw LoggingError(
                    .value, "\(name).\(key): unknown key; known are cafile, capath, certfile, keyfile, verify")
            }
        }
        return result
    }

    /// Python's tuple of key and certificate file, a table as for `tls`, `true`, or the name of a kind of encryption.
    func mailSecurity(_ name: String) throws(LoggingError) -> (SMTPHandler.Security, NetworkTLS) {
        var tls = NetworkTLS()
        switch self[name] {
        case nil, .bool(false)?: return (.none, tls)
        case .bool(true)?: return (.startTLS, tls)
        case .string(let text)?:
            guard let security = SMTPHandler.Security(rawValue: text) else {
                throw LoggingError(.value, "\(name): unknown \(PythonText.quoted(text)) (known: starttls, tls, none)")
            }
            return (security, tls)
        case .array(let files)? where files.count <= 2:
            for (index, file) in files.enumerated() {
                guard case .string(let path) = file else { break }
                if index == 0 { tls.keyFile = path } else { tls.certificateFile = path }
            }
            return (.startTLS, tls)
        case .object(var entries)?:
            var security = SMTPHandler.Security.startTLS
            if case .string(let text)? = entries.removeValue(forKey: "mode") {
                guard let named = SMTPHandler.Security(rawValue: text) else {
                    throw LoggingError(
                        .value, "\(name).mode: unknown \(PythonText.quoted(text)) (known: starttls, tls)")
                }
                security = named
            }
            return (security, try Self.tls(entries, name))
        case let other?:
            throw LoggingError(.type, "\(name): expected a table such as {cafile = \"ca.pem\"}, got \(other.shown)")
        }
    }

    /// A string, or a list of strings.
    func strings(_ name: String) throws(LoggingError) -> [String] {
        switch self[name] {
        case nil: return []
        case .string(let text)?: return [text]
        case .array(let elements)?:
            return try elements.map { element throws(LoggingError) in
                guard case .string(let text) = element else {
                    throw LoggingError(.type, "\(name): expected strings, got \(element.shown)")
                }
                return text
            }
        case let other?: throw LoggingError(.type, "\(name): expected a string or a list, got \(other.shown)")
        }
    }

    /// A table of texts by name.
    func headers(_ name: String = "headers") throws(LoggingError) -> [(name: String, value: String)] {
        switch self[name] {
        case nil: return []
        case .array(let elements)? where elements.isEmpty: return []
        case .object(let entries)?:
            return try entries.sorted { $0.key < $1.key }.map { entry throws(LoggingError) in
                guard case .string(let text) = entry.value else {
                    throw LoggingError(.type, "\(name).\(entry.key): expected a string, got \(entry.value.shown)")
                }
                return (entry.key, text)
            }
        case let other?: throw LoggingError(.type, "\(name): expected a table, got \(other.shown)")
        }
    }

    /// The facility of a syslog message, by number or name.
    func facility(_ name: String) throws(LoggingError) -> Int {
        switch self[name] {
        case nil: return 1
        case .int(let number)? where 0...23 ~= number: return Int(number)
        case .string(let text)?: return try SyslogNames.number(text, in: SyslogNames.facilities, what: "facility")
        case let other?:
            throw LoggingError(.value, "\(name): expected a facility such as \"local0\", got \(other.shown)")
        }
    }

    /// Numbers are those of Linux: `SOCK_STREAM` is 1, `SOCK_DGRAM` 2.
    func socketType(_ name: String) throws(LoggingError) -> SysLogHandler.SocketType? {
        switch self[name] {
        case nil: return nil
        case .string("tcp")?, .string("stream")?, .int(1)?: return .stream
        case .string("udp")?, .string("datagram")?, .int(2)?: return .datagram
        case let other?: throw LoggingError(.value, "\(name): expected \"udp\" or \"tcp\", got \(other.shown)")
        }
    }

    /// One of the names that an enumeration has.
    func choice<Choice: RawRepresentable & CaseIterable>(_ name: String) throws(LoggingError) -> Choice?
    where Choice.RawValue == String {
        guard let text = string(name) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw LoggingError(.value, "\(name): unknown \(PythonText.quoted(text)) (known: \(known))")
    }
}

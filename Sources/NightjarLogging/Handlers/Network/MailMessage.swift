internal import Glibc
internal import Synchronization

/// A mail as it is handed to a server: plain text, with headers that nothing in a record can add to.
struct MailMessage {
    var sender: String
    var recipients: [String]
    var subject: String
    /// Seconds since 1970, as nanoseconds.
    var date: LogRecord
    var body: [UInt8]

    private static let counter = Atomic<Int>(0)
    private static let dateFormat: TimeFormatter = {
        do { return try TimeFormatter(TimeFormat(dateFormat: "%a, %d %b %Y %H:%M:%S %z")) } catch {
            fatalError("formats without milliseconds are always valid")
        }
    }()

    /// With CRLF line ends.
    var bytes: [UInt8] {
        var result: [UInt8] = []
        result.append("From: \(MailHeader.address(sender))\r\n")
        result.append("To: \(recipients.map(MailHeader.address).joined(separator: ",\r\n "))\r\n")
        result.append("Subject: \(MailHeader.text(subject, after: "Subject: ".utf8.count))\r\n")
        result.append("Date: ")
        Self.dateFormat.append(date, to: &result)
        let number = Self.counter.add(1, ordering: .relaxed).newValue
        result.append("\r\nMessage-ID: <\(Clock.now()).\(date.process).\(number)@\(SyslogMessage.hostName)>\r\n")
        result.append("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=\"utf-8\"\r\n")
        appendBody(&result)
        return result
    }

    private func appendBody(_ result: inout [UInt8]) {
        let lines = body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // 998 bytes are the longest line that mail may have (RFC 5322).
        if lines.contains(where: { $0.count > 998 }) {
            result.append("Content-Transfer-Encoding: base64\r\n\r\n")
            let encoded = Base64.encode(body)
            for start in stride(from: 0, to: encoded.count, by: 76) {
                result += encoded[start..<min(start + 76, encoded.count)]
                result.append("\r\n")
            }
            return
        }
        let isASCII = body.allSatisfy { $0 < 0x80 }
        result.append("Content-Transfer-Encoding: \(isASCII ? "7bit" : "8bit")\r\n\r\n")
        for line in lines {
            result += line
            result.append("\r\n")
        }
    }

    /// The texts of records as one body: one text as it is, several so that each begins at the margin and its further lines do not, which
    /// is why none can pass for another.
    static func body(_ texts: [[UInt8]]) -> [UInt8] {
        var result: [UInt8] = []
        for (index, text) in texts.enumerated() {
            if index > 0 { result.append(UInt8(ascii: "\n")) }
            for (number, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .enumerated()
            {
                if number > 0 { result.append(texts.count > 1 ? "\n    " : "\n") }
                append(line, to: &result)
            }
        }
        return result
    }

    /// A line with its control characters escaped, tabs and a carriage return at its end excepted.
    private static func append(_ line: ArraySlice<UInt8>, to result: inout [UInt8]) {
        let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        for (index, part) in line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).enumerated() {
            if index > 0 { result.append(UInt8(ascii: "\t")) }
            let start = result.count
            result += part
            ControlCharacters.escape(&result, from: start)
        }
    }
}

/// Headers of mails.
enum MailHeader {
    /// Longer ones say no more.
    private static let longest = 400

    /// Any text as a header: as it is if it is short and plain, in encoded words (RFC 2047) otherwise. Control characters are escaped.
    /// - Parameter used: how much of the first line is taken.
    static func text(_ text: String, after used: Int) -> String {
        var bytes = Array(text.utf8)
        ControlCharacters.escape(&bytes, from: 0)
        var text = String(decoding: bytes, as: UTF8.self)
        if text.unicodeScalars.count > longest {
            text = String(String.UnicodeScalarView(text.unicodeScalars.prefix(longest))) + "..."
        }
        let isPlain =
            text.utf8.allSatisfy { $0 < 0x80 } && !text.contains("=?") && text.first != " " && text.last != " "
        if isPlain, let folded = fold(text, after: used) { return folded }
        return encodedWords(text).joined(separator: "\r\n ")
    }

    /// Breaks lines before spaces; nil if there is a word that is too long for a line.
    private static func fold(_ text: String, after used: Int) -> String? {
        guard text.utf8.count + used > 76 else { return text }
        var result = "", column = used
        for (index, word) in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            if word.utf8.count > 70 || (index > 0 && word.isEmpty) { return nil }
            if index > 0, column + 1 + word.utf8.count > 76 {
                result += "\r\n "
                column = 1
            } else if index > 0 {
                result += " "
                column += 1
            }
            result += word
            column += word.utf8.count
        }
        return result
    }

    private static func encodedWords(_ text: String) -> [String] {
        var words: [String] = [], part: [UInt8] = []
        // 45 bytes are 60 characters of base64, and 72 with what is around them; 75 are allowed.
        func end() {
            words.append("=?utf-8?B?\(String(decoding: Base64.encode(part), as: UTF8.self))?=")
            part = []
        }
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if part.count + bytes.count > 45 { end() }
            part += bytes
        }
        if !part.isEmpty || words.isEmpty { end() }
        return words
    }

    /// `Name <address>` or an address alone, as a header.
    static func address(_ text: String) -> String {
        guard let (name, address) = split(text), !name.isEmpty else { return bareAddress(text) }
        let isPlain = name.utf8.allSatisfy { byte in
            byte < 0x80 && (byte == 0x20 || byte == 0x2D || byte == 0x5F || byte == 0x27 || isAlphanumeric(byte))
        }
        return (isPlain ? name : encodedWords(name).joined(separator: "\r\n ")) + " <\(address)>"
    }

    /// The address alone, as the protocol has it.
    static func bareAddress(_ text: String) -> String {
        split(text)?.address ?? String(text.trimmed)
    }

    private static func split(_ text: String) -> (name: String, address: String)? {
        guard text.trimmed.last == ">", let open = text.lastIndex(of: "<") else { return nil }
        var name = text[..<open].trimmed
        if name.count >= 2, name.first == "\"", name.last == "\"" { name = name.dropFirst().dropLast() }
        var bytes = Array(name.utf8)
        ControlCharacters.escape(&bytes, from: 0)
        return (String(decoding: bytes, as: UTF8.self), String(text[text.index(after: open)...].trimmed.dropLast()))
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}

extension StringProtocol {
    /// Without spaces at its ends.
    fileprivate var trimmed: Substring {
        var part = Substring(self)
        while part.first == " " { part.removeFirst() }
        while part.last == " " { part.removeLast() }
        return part
    }
}

enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let number = group.enumerated().reduce(0) { $0 | Int($1.element) << (16 - 8 * $1.offset) }
            for place in 0..<4 {
                result.append(place <= group.count ? letters[number >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return result
    }
}

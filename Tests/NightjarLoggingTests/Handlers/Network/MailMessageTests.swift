@testable import NightjarLogging
import Testing

@Suite struct MailMessageTests {
    private func lines(_ subject: String) -> [Substring] {
        MailHeader.text(subject, after: 9).split(separator: "\r\n", omittingEmptySubsequences: false)
    }

    @Test func plainSubjectsStayAsTheyAre() {
        #expect(MailHeader.text("disk full: 99 %", after: 9) == "disk full: 99 %")
        #expect(MailHeader.text("", after: 9) == "")
    }

    @Test(arguments: [
        "\r\nBcc: a@b", "a\nb", "\n", "\u{85}x", "\u{2028}x", "é\r\nX: y",
        String(repeating: "w ", count: 190) + "\r\nX: y",
        String(repeating: "日", count: 399) + "\r\n\r\nbody",
    ])
    func noSubjectBeginsAHeaderOfItsOwn(_ subject: String) {
        let lines = lines(subject)
        #expect(lines.dropFirst().allSatisfy { $0.first == " " && $0.count > 1 })
        for line in lines {
            #expect(line.utf8.count <= 78)
            #expect(line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        }
    }

    @Test func oddSubjectsAreEncodedInWordsThatEndBetweenCharacters() {
        #expect(MailHeader.text("Ü", after: 9) == "=?utf-8?B?w5w=?=")
        #expect(MailHeader.text("=?x?=", after: 9).hasPrefix("=?utf-8?B?"))
        let long = MailHeader.text(String(repeating: "é", count: 50), after: 9).split(separator: "\r\n ")
        // 22 characters of two bytes are the most that 45 bytes hold.
        #expect(long.count == 3 && long.allSatisfy { $0.utf8.count <= 75 })
    }

    @Test func namesOfAddressesAreKept() {
        #expect(MailHeader.address("me@example.org") == "me@example.org")
        #expect(MailHeader.address("Ops Team <ops@example.org>") == "Ops Team <ops@example.org>")
        #expect(MailHeader.address("Jürgen <j@example.org>") == "=?utf-8?B?SsO8cmdlbg==?= <j@example.org>")
        #expect(MailHeader.bareAddress("\"A, B\" <ab@example.org>") == "ab@example.org")
    }

    @Test func onlyRecordsBeginAtTheMargin() {
        let texts = ["one", "two\nthree\r\n\tfour", "\u{1B}[31mfive"].map { Array($0.utf8) }
        #expect(
            String(decoding: MailMessage.body(texts), as: UTF8.self)
                == "one\ntwo\n    three\n    \tfour\n\\u001b[31mfive")
        #expect(String(decoding: MailMessage.body([texts[1]]), as: UTF8.self) == "two\nthree\n\tfour")
    }

    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")])
    func base64IsThatOfItsRFC(_ plain: String, _ encoded: String) {
        #expect(String(decoding: Base64.encode(Array(plain.utf8)), as: UTF8.self) == encoded)
    }
}

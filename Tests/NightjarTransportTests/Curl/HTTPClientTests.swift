import Foundation
import NightjarTransport
import Testing

@Suite struct HTTPClientTests {
    @Test func anAnswerThatNeverComesIsATimeout() throws {
        let listener = try Listener()
        let client = HTTPClient(timeout: .milliseconds(200))
        let error = #expect(throws: TransportError.self) {
            try client.send(HTTPRequest("http://127.0.0.1:\(listener.port)/", body: [0x61]))
        }
        #expect(error?.kind == .timeout && error?.isTemporary == true)
    }

    @Test func nobodyThereIsATemporaryFailure() throws {
        let listener = try Listener()
        listener.close()
        let error = #expect(throws: TransportError.self) {
            try HTTPClient().send(HTTPRequest("http://127.0.0.1:\(listener.port)/log?secret=1"))
        }
        #expect(error?.kind == .unreachable && error?.isTemporary == true)
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("http://127.0.0.1:\(listener.port)/log: ") && !text.contains("secret"), "\(text)")
    }

    @Test func aRequestThatIsInterruptedEnds() throws {
        let listener = try Listener()
        let client = HTTPClient(timeout: .seconds(3600))
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            _ = try? client.send(HTTPRequest("http://127.0.0.1:\(listener.port)/", body: [0x61]))
            ended.signal()
        }
        // The request is under way once its first line is here.
        let peer = listener.accept()
        #expect(peer.lines(1).first?.hasPrefix("POST / HTTP/1.1") == true)
        client.interrupt()
        ended.wait()
    }

    @Test(arguments: ["a b", "", "A:", "A\n"]) func namesThatWouldEndAHeaderAreRefused(_ name: String) {
        #expect(throws: TransportError.self) { try HTTPHeader.check(name, "x") }
    }

    @Test func nothingCanBeAddedToARequestThroughAHeaderOrAnAddress() throws {
        #expect(throws: TransportError.self) { try HTTPHeader.check("A", "x\r\nB: y") }
        for url in ["http://localhost/\r\nHost: x", "file:///etc/passwd", "gopher://localhost/"] {
            let error = #expect(throws: TransportError.self) { try HTTPClient().send(HTTPRequest(url)) }
            #expect(error?.kind == .invalid)
        }
    }
}

@Suite struct MailClientTests {
    @Test(arguments: ["", "a@b\r\nRCPT TO:<c@d>", "a b@c", "<a@b>"])
    func addressesThatWouldEndTheirCommandAreRefused(_ address: String) {
        #expect(throws: TransportError.self) { try MailClient.check(address) }
    }

    @Test func aServerThatNeverAnswersIsATimeout() throws {
        let listener = try Listener()
        let client = MailClient(host: "127.0.0.1", port: listener.port, timeout: .milliseconds(200))
        let error = #expect(throws: TransportError.self) {
            try client.send(from: "a@b", to: ["c@d"], message: Array("Subject: x\r\n\r\ny\r\n".utf8))
        }
        #expect(error?.kind == .timeout && error?.isTemporary == true)
    }
}

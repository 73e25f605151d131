import Foundation
import NightjarTransport
import Testing

@Suite struct StreamConnectionTests {
    private func frames(_ numbers: ClosedRange<Int>) -> [[UInt8]] { numbers.map { Array("\($0)\n".utf8) } }

    private func send(_ numbers: ClosedRange<Int>, _ connection: StreamConnection) throws {
        var delivered = 0
        try connection.send(frames(numbers), delivered: &delivered)
        #expect(delivered == numbers.count)
    }

    private func connection(_ listener: Listener, timeout: Duration = .seconds(20)) -> StreamConnection {
        StreamConnection(to: .host("127.0.0.1", port: listener.port), timeout: timeout)
    }

    @Test func framesArriveInOrder() throws {
        let listener = try Listener()
        let connection = connection(listener)
        try send(1...3, connection)
        try send(4...5, connection)
        let peer = listener.accept()
        try connection.close()
        #expect(peer.rest() == ["1", "2", "3", "4", "5"])
    }

    @Test func namesAreFound() throws {
        let listener = try Listener()
        let connection = StreamConnection(to: .host("localhost", port: listener.port), timeout: .seconds(20))
        try send(1...1, connection)
        try connection.close()
        #expect(listener.accept().rest() == ["1"])
    }

    @Test func aReceiverThatWasRestartedGetsWhatComesAfterOnce() throws {
        let listener = try Listener()
        let connection = connection(listener)
        try send(1...2, connection)
        let first = listener.accept()
        #expect(first.lines(2) == ["1", "2"])
        try connection.flush()
        // The end of the connection reaches us at once; nothing that is sent after it may be lost.
        first.close()
        listener.close()
        let second = try Listener(port: listener.port)
        try send(3...4, connection)
        try connection.close()
        #expect(second.accept().rest() == ["3", "4"])
    }

    @Test func aResetConnectionIsReplacedAndNothingGoesTwice() throws {
        let listener = try Listener()
        let connection = connection(listener)
        try send(1...1, connection)
        let first = listener.accept()
        #expect(first.lines(1) == ["1"])
        try connection.flush()
        first.reset()
        try send(2...3, connection)
        let second = listener.accept()
        try connection.close()
        #expect(second.rest() == ["2", "3"])
    }

    @Test func withNobodyThereNothingIsDelivered() throws {
        let listener = try Listener()
        listener.close()
        let connection = connection(listener)
        var delivered = -1
        let error = #expect(throws: TransportError.self) { try connection.send(frames(1...2), delivered: &delivered) }
        #expect(delivered == 0)
        #expect(error?.kind == .unreachable && error?.isTemporary == true)
        #expect(error?.message.contains("Connection refused") == true)
    }

    @Test func aReceiverThatDoesNotReadIsGivenUpAndWhatItHasIsNotSentAgain() throws {
        let listener = try Listener()
        let connection = connection(listener, timeout: .milliseconds(300))
        // More than the buffers of both sides hold.
        let large = [UInt8](repeating: 0x61, count: 1 << 20)
        var delivered = -1
        let error = #expect(throws: TransportError.self) {
            try connection.send([[UInt8]](repeating: large, count: 200), delivered: &delivered)
        }
        #expect(error?.kind == .timeout)
        #expect((0..<200).contains(delivered))
        #expect(!connection.isConnected)
        _ = listener
    }

    @Test func aWaitEndsWhenItIsInterrupted() throws {
        let listener = try Listener()
        let connection = connection(listener, timeout: .seconds(3600))
        let large = [UInt8](repeating: 0x61, count: 1 << 20)
        connection.interrupt()
        var delivered = -1
        let error = #expect(throws: TransportError.self) {
            try connection.send([[UInt8]](repeating: large, count: 200), delivered: &delivered)
        }
        #expect(error?.kind == .interrupted)
        connection.resume()
        try send(1...1, connection)
        _ = listener
    }

    @Test func closingInterruptsACallOnAnotherThread() throws {
        let listener = try Listener()
        let connection = connection(listener, timeout: .seconds(3600))
        let large = [UInt8](repeating: 0x61, count: 1 << 20)
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            var delivered = 0
            do { try connection.send([[UInt8]](repeating: large, count: 200), delivered: &delivered) } catch {}
            ended.signal()
        }
        // It is sending once there is something to read.
        let peer = listener.accept()
        #expect(peer.lines(0).isEmpty)
        while ended.wait(timeout: .now() + .milliseconds(1)) == .timedOut { try? connection.close() }
        #expect(!connection.isConnected)
    }

    @Test func pathsOfUnixSocketsAreChecked() {
        for path in ["", String(repeating: "x", count: 200)] {
            let error = #expect(throws: TransportError.self) { try StreamConnection(to: .path(path)).connect() }
            #expect(error?.kind == .invalid && error?.isTemporary == false)
        }
    }
}

import Glibc
import NightjarConcurrency
import Synchronization
import Testing

@Suite struct NativeThreadTests {
    /// The name that the system shows for a thread of this process.
    private func systemName(of id: Int32) -> String? {
        guard let file = fopen("/proc/self/task/\(id)/comm", "r") else { return nil }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer[..<max(0, count - 1)], as: UTF8.self)
    }

    @Test func theSystemKnowsItsNameAndNumber() throws {
        let end = Event()
        let thread = try NativeThread.start(name: "compress-äöü-long") { _ = try? end.wait() }
        defer { end.set() }
        #expect(eventually { thread.nativeID != nil })
        let id = try #require(thread.nativeID)
        #expect(id != NativeThread.currentNativeID)
        // 15 bytes: nine of "compress-", two for each of three letters.
        #expect(systemName(of: id) == "compress-äöü")
    }

    @Test func theMainThreadsNumberIsThatOfTheProcess() throws {
        let (id, isMain) = try Running { (NativeThread.currentNativeID, false) }.value()
        #expect(!isMain)
        #expect(id != getpid())
        #expect(id > 0)
    }

    @Test func joinSeesTheEndAgainAndAgain() throws {
        let end = Event()
        let thread = try NativeThread.start(name: "t") { _ = try? end.wait() }
        #expect(try !thread.join(until: .passed))
        #expect(try !thread.join(until: Deadline(after: 0.01)))
        end.set()
        #expect(try thread.join())
        #expect(try thread.join(until: .passed))
        #expect(thread.isFinished)
    }

    @Test func aThreadRunsOnWithoutItsHandle() throws {
        let go = Event(), done = Event()
        _ = try NativeThread.start(name: "t") {
            _ = try? go.wait()
            done.set()
        }
        go.set()
        #expect(try done.wait(until: Deadline(after: patience)))
    }

    @Test func whatTheBodyHoldsIsGoneWhenItHasEnded() throws {
        final class Token: Sendable {}
        var token: Token? = Token()
        weak let observed = token
        let thread = try NativeThread.start(name: "t") { [held = token] in _ = held }
        token = nil
        #expect(try thread.join())
        #expect(eventually { observed == nil })
    }

    @Test func theStackHasTheSizeAskedFor() throws {
        let done = Event()
        _ = try NativeThread.start(name: "deep", stackSize: 64 << 20) {
            withUnsafeTemporaryAllocation(byteCount: 40 << 20, alignment: 16) { buffer in
                buffer[0] = 1
                buffer[buffer.count - 1] = 1
            }
            done.set()
        }
        #expect(try done.wait(until: Deadline(after: patience)))
    }

    @Test func aStackThatCannotBeHadIsAnError() {
        #expect(throws: ThreadStartError.self) {
            try NativeThread.start(name: "huge", stackSize: 1 << 50) {}
        }
    }

    @Test func aSignalReachesTheThreadUntilItHasEnded() throws {
        let end = Event()
        let thread = try NativeThread.start(name: "t") { _ = try? end.wait() }
        #expect(eventually { thread.signal(SIGURG) })
        end.set()
        #expect(try thread.join())
        #expect(!thread.signal(SIGURG))
    }
}

@Suite struct CompletionTests {
    @Test func theFirstValueStays() throws {
        let completion = Completion<Int>()
        #expect(try completion.wait(until: .passed) == nil)
        #expect(completion.complete(1))
        #expect(!completion.complete(2))
        #expect(try completion.wait() == 1)
    }

    @Test func callbacksRunInOrderAndWithoutTheLock() throws {
        let completion = Completion<Int>()
        let seen = Shared<[Int]>([])
        completion.onComplete { value in seen.update { $0.append(value) } }
        completion.onComplete { _ in seen.update { $0.append(completion.value ?? -1) } }
        completion.complete(7)
        completion.onComplete { value in seen.update { $0.append(value + 1) } }
        #expect(seen.value == [7, 7, 8])
    }

    @Test func everyWaitingThreadGetsTheValue() throws {
        let completion = Completion<Int>()
        let threads = try (0..<4).map { _ in try Running { try completion.wait() } }
        for thread in threads { #expect(thread.blocks()) }
        completion.complete(9)
        for thread in threads { #expect(try thread.value() == 9) }
    }
}

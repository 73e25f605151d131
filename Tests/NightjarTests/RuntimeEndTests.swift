import Glibc
import Nightjar
import NightjarLua
import Synchronization
import Testing

/// What is left of a runtime when its program lets go of it: nothing. Each in a process of its own, where nobody else has threads.
@Suite struct RuntimeEndTests {
    /// The threads of the process, as the system counts them.
    static var threadCount: Int {
        guard let folder = opendir("/proc/self/task") else { return -1 }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            if entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { count += 1 }
        }
        return count
    }

    static var liveObjects: [Int] {
        [
            LiveObjects.environments.load(ordering: .relaxed), LiveObjects.interpreters.load(ordering: .relaxed),
            LiveObjects.threads.load(ordering: .relaxed), LiveObjects.queues.load(ordering: .relaxed),
        ]
    }

    /// Waits until the process has no more threads than that, and none of the objects that count.
    static func expectNothingLeft(threads: Int, _ location: SourceLocation = #_sourceLocation) {
        let deadline = Deadline(after: 60)
        while threadCount > threads || liveObjects != [0, 0, 0, 0], !deadline.hasPassed {
            try? Waiter.current.sleep(until: Deadline(after: 0.002))
        }
        #expect(threadCount <= threads, sourceLocation: location)
        #expect(liveObjects == [0, 0, 0, 0], "environments, interpreters, threads, queues", sourceLocation: location)
    }

    /// The threads before there is a runtime: the interrupts' watchdog is one for the process and stays.
    static func warmUp() throws -> Int {
        do {
            let runtime = Runtime(policy: .trusted)
            try runtime.run("local t = require('threading').Thread{target = function() end} t:start() t:join()")
            runtime.shutdown(seconds: 60)
        }
        try? Waiter.current.sleep(until: Deadline(after: 0.05))
        return threadCount
    }

    static let scripts = [
        // Threads that work, wait, sleep, and have ended; daemons and others.
        """
        local threading, queue = require "threading", require "queue"
        for _, daemon in ipairs{true, false} do
          threading.Thread{target = function() while true do end end, daemon = daemon}:start()
          threading.Thread{target = function() queue.Queue():get() end, daemon = daemon}:start()
          threading.Thread{target = function() threading.Event():wait() end, daemon = daemon}:start()
          threading.Thread{target = function() end, daemon = daemon}:start()
        end
        """,
        // A timer, an executor with work, tasks.
        """
        local threading = require "threading"
        threading.Timer(1000, print):start()
        local pool = require "futures".ThreadPoolExecutor(2)
        for i = 1, 10 do pool:submit(function() threading.Event():wait() end) end
        require "tasks".every(1000, function() end)
        """,
        // Handlers and filters of the script's own, with loggers in both directions.
        """
        local logging = require "logging"
        local log = logging.getLogger("app")
        log:addFilter(function(record) return logging.getLogger("app").name == "app" end)
        local H = logging.Handler:subclass("H")
        function H:emit(record) kept = logging.getLogger("app") end
        log:addHandler(H())
        log:warning("x")
        """,
        // Locals of threads and locks that are held at the end.
        """
        local threading = require "threading"
        local lock, mine = threading.Lock(), threading.Local()
        lock:acquire()
        mine.lock = lock
        local t = threading.Thread{target = function() mine.lock = lock threading.Event():wait() end}
        t:start()
        """,
        // Queues that hold themselves and each other, and items that lead to others.
        """
        local queue = require "queue"
        local a, b, c = queue.Queue(), queue.LifoQueue(), queue.PriorityQueue{key = "n"}
        a:put(a) a:put{b} b:put(a) b:put(function() return c end)
        c:put{n = 1, q = a} c:put{n = 2, q = queue.SimpleQueue()}
        """,
        // Threads among each other's results and fields.
        """
        local threading, queue = require "threading", require "queue"
        local q = queue.Queue()
        local a = threading.Thread{target = function() return q:get() end}
        local b = threading.Thread{target = function() return a end}
        a:start() b:start() q:put(b) b:join() a:join()
        local Own = threading.Thread:subclass("Own")
        function Own:run() self.me = self error({self}) end
        local own = Own()
        threading.excepthook = function() end
        own:start() own:join()
        """,
    ]

    @Test(arguments: scripts.indices) func aDroppedRuntimeLeavesNothing(_ index: Int) async {
        await #expect(processExitsWith: .success) { [index] in
            let threads = try RuntimeEndTests.warmUp()
            do {
                let runtime = Runtime(policy: .trusted)
                try runtime.run(RuntimeEndTests.scripts[index])
            }
            RuntimeEndTests.expectNothingLeft(threads: threads)
        }
    }

    @Test(arguments: scripts.indices) func nothingIsLeftAfterAShutdown(_ index: Int) async {
        await #expect(processExitsWith: .success) { [index] in
            let threads = try RuntimeEndTests.warmUp()
            do {
                let runtime = Runtime(policy: .trusted)
                try runtime.run(RuntimeEndTests.scripts[index])
                #expect(runtime.shutdown(seconds: 60))
                // Those of handlers and filters are the logging tree's.
                let isLogging = RuntimeEndTests.scripts[index].contains("addHandler")
                #expect(LiveObjects.interpreters.load(ordering: .relaxed) == 0 || isLogging)
            }
            RuntimeEndTests.expectNothingLeft(threads: threads)
        }
    }

    @Test func aHundredRuntimesInARowLeaveNothing() async {
        await #expect(processExitsWith: .success) {
            let threads = try RuntimeEndTests.warmUp()
            for _ in 0..<100 {
                let runtime = Runtime(policy: .trusted)
                try runtime.run(
                    """
                    local q = require "queue".Queue()
                    require "threading".Thread{target = function() while true do q:get() end end, daemon = true}:start()
                    q:put(q)
                    """)
            }
            RuntimeEndTests.expectNothingLeft(threads: threads)
        }
    }

    @Test func runtimesSideBySideKnowNothingOfEachOther() async {
        await #expect(processExitsWith: .success) {
            let threads = try RuntimeEndTests.warmUp()
            do {
                let first = Runtime(policy: .trusted), second = Runtime(policy: .trusted)
                try first.run(
                    """
                    require "logging".getLogger("app"):setLevel("DEBUG")
                    require "threading".Thread{target = function() require "threading".Event():wait() end, name = "first's"}:start()
                    """)
                try second.run(
                    """
                    local logging, threading = require "logging", require "threading"
                    assert(logging.getLogger("app"):getEffectiveLevel() == logging.WARNING)
                    assert(threading.active_count() == 1)
                    """)
                #expect(second.shutdown(seconds: 60))
                #expect(first.threads.map(\.threadName) == ["first's"])
                #expect(first.shutdown(seconds: 60))
                #expect(first.threads.isEmpty)
            }
            RuntimeEndTests.expectNothingLeft(threads: threads)
        }
    }

    /// The owner of a runtime, which lets go of it when a script says so.
    private final class Owner: Sendable {
        let runtime = Mutex<Runtime?>(nil)
    }

    @Test func aScriptMayHaveItsOwnRuntimeDropped() async {
        await #expect(processExitsWith: .success) {
            let threads = try RuntimeEndTests.warmUp()
            do {
                let owner = Owner()
                owner.runtime.withLock { runtime in
                    runtime = Runtime(policy: .trusted) { [weak owner] lua in
                        try lua.set("drop") { () in
                            let dropped = owner?.runtime.withLock { runtime in
                                defer { runtime = nil }
                                return runtime
                            }
                            withExtendedLifetime(dropped) {}
                        }
                    }
                }
                let lua = try owner.runtime.withLock { try $0!.makeState() }
                let sum = try lua.call(
                    lua.load(
                        """
                        local threading = require "threading"
                        threading.Thread{target = function() threading.Event():wait() end, daemon = true}:start()
                        drop()
                        local sum = 0
                        for i = 1, 10 do sum = sum + i end
                        return sum
                        """), returning: Int.self)
                #expect(sum == 55)
                lua.close()
            }
            RuntimeEndTests.expectNothingLeft(threads: threads)
        }
    }
}

// Runs Benchmarks/soak/main.lua: 200 threads that start, pass, cancel and fail at random, for a given time. The script does
// the work and checks it; this program counts what lives, and compares.
// For C's streams, which Swift takes for mutable state: nobody assigns them.
@preconcurrency import Glibc
import Nightjar
import Synchronization

let environment = { (name: String) in getenv(name).map { String(cString: $0) } }
let seconds = environment("NIGHTJAR_SOAK_SECONDS").flatMap(Double.init) ?? 60
let seed = environment("NIGHTJAR_SOAK_SEED").flatMap { Int($0) } ?? Int.random(in: 1...999_999)
guard CommandLine.arguments.count == 2 else {
    fputs("usage: soak FOLDER (with main.lua)\n", stderr)
    exit(2)
}
let folder = CommandLine.arguments[1]
setvbuf(stdout, nil, _IOLBF, 0)
print("soak: seed \(seed), \(seconds) s; again with NIGHTJAR_SOAK_SEED=\(seed)")

let record = Record()
let before = Sample.take()
do {
    var policy = Policy.trusted
    policy.moduleFolders = [folder]
    let runtime = Runtime(policy: policy) { lua in
        lua.setAttachment(InterpreterMark())
        lua.register(soakModule(record))
    }
    record.watch()
    do {
        try runtime.run(file: folder + "/main.lua", arguments: ["\(seconds)", "\(seed)"])
    } catch {
        let error = LuaError.wrapping(error)
        record.fail("\(error.report)\n\(error.traceback)")
    }
    if !runtime.shutdown(seconds: 30) { record.fail("threads did not end with the runtime") }
}
record.compare(before: before, after: .settled(), seed: seed)

import NightjarLogging
import NightjarLua

/// What scripts see of a handler that rotates by the clock.
enum TimedRotation {
    static func add(_ type: inout LuaType.Builder<TimedRotatingFileHandler>) {
        addAttributes(&type)
        type.method(
            "computeRollover", doc: "The time of the first rotation after a time, in seconds since 1970.",
            unbound: { call in
                let handler = try call.handlerSelf(as: TimedRotatingFileHandler.self)
                return try call.results(handler.schedule.rollover(after: seconds(call, 2)))
            })
        type.method(
            "getFilesToDelete", doc: "The rotated files that are too many, oldest first.",
            unbound: { call in
                try call.results(call.handlerSelf(as: TimedRotatingFileHandler.self).filesToDelete())
            })
    }

    private static func addAttributes(_ type: inout LuaType.Builder<TimedRotatingFileHandler>) {
        type.property(
            "rolloverAt", doc: "When the file is rotated next, in seconds since 1970.",
            unboundGet: { call in
                try call.results(call.handlerSelf(as: TimedRotatingFileHandler.self).rolloverAt)
            },
            unboundSet: { call in
                try call.handlerSelf(as: TimedRotatingFileHandler.self).rolloverAt = seconds(call, 2)
            })
        type.property(
            "interval", doc: "Seconds between rotations.",
            unboundGet: { call in try call.results(call.handlerSelf(as: TimedRotatingFileHandler.self).interval) },
            unboundSet: { call in
                let interval = try seconds(call, 2)
                guard interval > 0 else {
                    throw LuaException(.valueError, "interval must be positive: \(interval)")
                }
                try call.handlerSelf(as: TimedRotatingFileHandler.self).interval = interval
            })
        RotationMethods.property(&type, "suffix", \.suffix)
        RotationMethods.constant(&type, "when") { $0.schedule.when }
        RotationMethods.constant(&type, "utc") { $0.schedule.utc }
        RotationMethods.constant(&type, "dayOfWeek") { $0.schedule.dayOfWeek }
        RotationMethods.constant(&type, "extMatch") { $0.suffixPattern }
        type.property(
            "atTime", doc: "The time of day of the rotation: {hour, minute, second}, or nil.",
            unboundGet: { call in
                guard let time = try call.handlerSelf(as: TimedRotatingFileHandler.self).schedule.atTime else {
                    return try call.results(nil as String?)
                }
                return try call.results(["hour": time.hour, "minute": time.minute, "second": time.second])
            })
    }

    /// A time as `os.time` or Python's `time.time` gives it.
    private static func seconds(_ call: LuaCall, _ index: Int32) throws -> Int {
        let seconds: Double = try call.argument(index)
        guard let whole = Int(exactly: seconds.rounded(.down)) else {
            throw call.badArgument(index, "number of seconds expected, got \(seconds)")
        }
        return whole
    }

    /// The first rotation of a subclass that computes the times itself.
    @Sendable static func complete(_ call: LuaCall) throws {
        guard let next = try RotationMethods.steps(call).nextRollover else { return }
        let handler = try call.handlerSelf(as: TimedRotatingFileHandler.self)
        handler.rolloverAt = try next(handler.firstIntervalStart)
    }
}

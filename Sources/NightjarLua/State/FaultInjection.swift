import CLuaSupport

extension LuaState {
    /// Makes allocations of interpreters fail, for tests of what happens then.
    ///
    /// Lua collects and tries once more before it gives up, so a `count` of 2 fails one request for good.
    public struct FaultInjection: Sendable {
        /// Requests of Lua code that succeed first.
        public var after: Int64
        /// Requests that fail then.
        public var count: Int64
        public init(after: Int64, count: Int64 = 2) {
            self.after = after
            self.count = count
        }
    }

    /// What interpreters opened by the current task are born with; for tests alone.
    @TaskLocal public static var faultInjection: FaultInjection?

    /// Lets the allocations of this interpreter fail from now on; nil stops that. Gives whether the last injection was used up.
    @discardableResult
    public func injectFault(_ fault: FaultInjection?) -> Bool {
        let usedUp = context.pointee.fail_after <= 0
        context.pointee.fail_after = fault?.after ?? -1
        context.pointee.fail_count = fault?.count ?? 0
        return usedUp
    }
}

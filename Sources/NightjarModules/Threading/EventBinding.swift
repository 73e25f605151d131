public import NightjarConcurrency
public import NightjarLua

extension Event: CrossesThreads {
    /// `threading.Event`, <https://docs.python.org/3/library/threading.html#event-objects>.
    public static let luaType = LuaType(
        "Event", for: Event.self, module: "threading", doc: "A flag that threads wait for."
    ) {
        $0.subclassable(LuaSignature("")) { call in Event(label: call.label("threading.Event")) }
        $0.method("is_set", doc: "Whether the flag is set.") { (event: Event) in event.isSet }
        $0.method("isSet", doc: "Deprecated: is_set.") { (event: Event) in event.isSet }
        $0.method("set", doc: "Sets it and wakes all who wait.") { (event: Event) in event.set() }
        $0.method("clear", doc: "Takes it back.") { (event: Event) in event.clear() }
        $0.method("wait", LuaSignature("timeout"), doc: "Waits until it is set; false when the time was up.") {
            event, call in
            let deadline = try call.deadline(2)
            return try call.results(call.waiting { try event.wait(until: deadline) })
        }
        $0.metamethod("__tostring") { event, call in
            try call.results(ObjectText.described(event, call, event.isSet ? "set" : "unset"))
        }
    }
}

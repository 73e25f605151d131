import NightjarLua
import Testing

/// Types whose objects are complete from their making, and their subclasses in scripts.
@Suite struct LuaTypeSubclassesTests {
    final class Account: LuaObject, Sendable {
        let balance: Int
        init(_ balance: Int) { self.balance = balance }

        static let luaType = LuaType("Account", for: Account.self) {
            $0.subclassable(LuaSignature("balance")) { call in Account(try call.argument(2, default: 0)) }
            $0.property("balance", get: { $0.balance })
            $0.method("doubled") { (account: Account) in account.balance * 2 }
        }
    }

    final class Seal: LuaObject, Sendable {
        static let luaType = LuaType("Seal", for: Seal.self) {
            $0.final()
            $0.constructor { Seal() }
        }
    }

    private func withState(_ body: (LuaState) throws -> Void) throws {
        let state = try LuaState()
        defer { state.close() }
        for type in [Account.luaType, Seal.luaType] {
            try state.withStack { stack throws(LuaError) in
                stack.pushGlobals()
                type.pushClass(to: stack)
                try stack.set(-2, type.name)
            }
        }
        try body(state)
    }

    @Test func theParentsInitMakesTheObject() throws {
        try withState { state in
            try state.run(
                """
                local Savings = Account:subclass("Savings")
                function Savings:init(rate, balance)
                  assert(not pcall(self.doubled, self))
                  Savings.super.init(self, {balance = balance})
                  self.rate = rate
                end
                local s = Savings(0.5, 21)
                assert(s:doubled() == 42 and s.rate == 0.5 and s.class == Savings and Account:is(s))
                """)
        }
    }

    @Test func withoutItTheObjectIsMadeWithoutArguments() throws {
        try withState { state in
            try state.run(
                """
                local Plain, Mute = Account:subclass("Plain"), Account:subclass("Mute")
                function Mute:init(balance) self.ignored = balance end
                assert(Plain(5).balance == 5 and Plain().balance == 0)
                local m = Mute(5)
                assert(m.balance == 0 and m.ignored == 5)
                """)
        }
    }

    @Test func anInstanceIsTheOneOfItsObject() throws {
        try withState { state in
            let object: Account = try state.withStack { stack throws(LuaError) in
                do {
                    try state.run("kept = Account:subclass('Kept')(7)")
                    return try state.get("kept")
                } catch { throw LuaError.wrapping(error) }
            }
            try state.set("again", object)
            try state.run("assert(rawequal(kept, again) and again.balance == 7)")
        }
    }

    @Test(arguments: [
        ("Account.init(Account(1), 2)", "has been called before"),
        ("Account.init({}, 2)", "Account expected, got table"),
        ("Account:subclass('A')('x')", "balance: number expected, got string"), ("Account(1, 2)", "takes at most 1"),
        ("Seal:subclass('S')", "type 'Seal' is not an acceptable base type"),
    ]) func misuseSaysWhatIsWrong(_ source: String, _ message: String) throws {
        try withState { state in
            let error = #expect(throws: LuaError.self) { try state.run(source) }
            #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        }
    }
}

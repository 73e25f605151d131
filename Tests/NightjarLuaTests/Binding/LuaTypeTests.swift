import NightjarLua
import Synchronization
import Testing

@Suite struct LuaTypeTests {
    class Animal: LuaObject {
        var name: String
        let onDeath: @Sendable () -> Void
        init(_ name: String, onDeath: @escaping @Sendable () -> Void = {}) {
            self.name = name
            self.onDeath = onDeath
        }
        deinit { onDeath() }
        var isClosed = false

        class var luaType: LuaType { animalType }
        static let animalType = LuaType("Animal", for: Animal.self, module: "zoo") {
            $0.constructor { (name: String) in Animal(name) }
            $0.method("greet") { (animal: Animal, who: String) in "\(animal.name) greets \(who)" }
            $0.property("name", get: { $0.name }, set: { $0.name = $1 })
            $0.property("size") { $0.name.count }
            $0.metamethod("__len") { animal, call in try call.results(animal.name.count) }
            $0.metamethod("__tostring") { animal, call in try call.results("<\(animal.name)>") }
            $0.closable { $0.isClosed = true }
        }
    }

    final class Dog: Animal {
        override class var luaType: LuaType { dogType }
        static let dogType = LuaType("Dog", for: Dog.self, module: "zoo", parent: Animal.animalType) {
            $0.subclassable { _ in Dog("dog") }
            $0.method("bark") { (dog: Dog) in dog.name + "!" }
        }
    }

    let lua: LuaState
    init() throws {
        lua = try LuaState()
        try lua.withStack { stack throws(LuaError) in
            for (name, type) in [("Animal", Animal.animalType), ("Dog", Dog.dogType)] {
                stack.pushGlobals()
                type.pushClass(to: stack)
                try stack.set(-2, name)
            }
        }
    }

    private func failure(_ script: String) -> LuaError? { #expect(throws: LuaError.self) { try lua.run(script) } }

    @Test func methodsPropertiesAndMetamethodsWork() throws {
        try lua.run(
            "local a = Animal('cat') assert(a:greet('you') == 'cat greets you' and a.name == 'cat' and #a == 3)")
        try lua.run(
            "local a = Animal('cat') a.name = 'lion' assert(a.size == 4 and tostring(a) == '<lion>' and a.nothing == nil)"
        )
        try lua.run(
            "assert(Animal:is(Animal('x')) and not Dog:is(Animal('x')) and not Animal:is(5) and Animal('x').class == Animal)"
        )
    }

    @Test func aClassListsItsMembersBeforeAnyoneUsedThem() throws {
        try lua.run(
            """
            local names = {}
            for name, value in pairs(Dog) do names[name] = type(value) end
            assert(names.bark == 'function' and names.greet == nil and names.super == 'table')
            names = {}
            for name, value in pairs(Animal) do names[name] = type(value) end
            for _, name in ipairs{'greet', 'close', 'subclass', 'is', 'init'} do assert(names[name] == 'function', name) end
            """)
    }

    @Test func aScriptReplacesAMethodBeforeOrAfterItWasUsed() throws {
        try lua.run(
            """
            local a = Animal('cat')
            local stock = Animal.greet
            assert(a.greet == stock and Dog.greet == stock)
            function Animal:greet(who) return 'first ' .. stock(self, who) end
            function Animal.close() closed = true end
            assert(a:greet('you') == 'first cat greets you' and Dog():greet('you') == 'first dog greets you')
            a:close()
            assert(closed)
            """)
        // Each interpreter has its own class table.
        let other = try LuaState()
        try other.set("a", Animal("hen"))
        try other.run("assert(a:greet('you') == 'hen greets you')")
    }

    @Test func mistakesAreNamed() {
        #expect(failure("Animal('x').size = 5")?.message == "attribute 'size' of 'Animal' objects is not writable")
        #expect(failure("Animal('x').color = 5")?.message == "no attribute 'color' to set in 'Animal' objects")
        #expect(failure("Animal('x').name = 5")?.message.contains("string expected, got number") == true)
        #expect(failure("Animal(5)")?.message == "bad argument #1 to 'Animal' (string expected, got number)")
        #expect(failure("Animal('x'):greet()")?.message == "bad argument #1 to 'greet' (string expected, got no value)")
        #expect(
            failure("Animal('x').greet(5, 'y')")?.message == "calling 'greet' on bad self (Animal expected, got number)"
        )
        #expect(failure("Dog().bark(Animal('x'))")?.message == "calling 'bark' on bad self (Dog expected, got Animal)")
    }

    @Test func typesAreInherited() throws {
        try lua.run(
            "local d = Dog() assert(d:greet('you') == 'dog greets you' and d:bark() == 'dog!' and #d == 3 and Animal:is(d))"
        )
        try lua.run("assert(Dog.super == Animal)")
        try lua.set("d", Dog("x") as Dog)
        #expect(try lua.get("d", as: Animal.self).name == "x")
    }

    @Test func scriptsSubclassWithTheirOwnInit() throws {
        try lua.run(
            """
            local Puppy = Dog:subclass('Puppy')
            function Puppy:init(age) Puppy.super.init(self) self.age = age end
            function Puppy:bark() return Puppy.super.bark(self) .. self.age end
            local p = Puppy(2)
            assert(p:bark() == 'dog!2' and p.age == 2 and p.name == 'dog' and Puppy:is(p) and Dog:is(p) and not Puppy:is(Dog()))
            assert(tostring(Puppy):find('Puppy') and p.class == Puppy)
            p.name = 'rex' assert(p:bark() == 'rex!2')
            """)
    }

    @Test func anObjectPushedTwiceIsTheSameUserdata() throws {
        let animal = Animal("a")
        try lua.set("a", animal)
        try lua.set("b", animal)
        try lua.run("assert(rawequal(a, b)) local t = {[a] = 1} assert(t[b] == 1)")
        #expect(try lua.get("a", as: Animal.self) === animal)
    }

    @Test func closableObjectsAreToBeClosed() throws {
        let animal = Animal("a")
        try lua.set("a", animal)
        _ = try? lua.run("local x <close> = a error('x')")
        #expect(animal.isClosed)
    }

    @Test func objectsAreReleasedByTheCollectorAndByClose() throws {
        let dead = Counter()
        try lua.set("a", Animal("a", onDeath: { dead.value.add(1, ordering: .relaxed) }))
        try lua.set("b", Animal("b", onDeath: { dead.value.add(1, ordering: .relaxed) }))
        #expect(dead.value.load(ordering: .relaxed) == 0)
        try lua.run("a = nil")
        lua.collectGarbage()
        #expect(dead.value.load(ordering: .relaxed) == 1)
        lua.close()
        #expect(dead.value.load(ordering: .relaxed) == 2)
    }

    final class Counter: Sendable { let value = Atomic(0) }

    @Test func metatablesCannotBeReached() throws {
        try lua.run("assert(getmetatable(Animal('x')) == Animal and not pcall(setmetatable, Animal('x'), {}))")
    }
}

import CLua
import CLuaSupport

/// The metatables of userdata that hold Swift objects, and the table that finds the userdata of an object again.
enum ObjectMetatable {
    /// Pushes the metatable of `type`; makes its class table too.
    static func make(for type: LuaType, _ stack: LuaStack) {
        let functions = type.functions
        if let parent = type.parent { parent.pushClass(to: stack) } else { stack.pushNil() }
        ClassTable.push(
            name: type.name, module: type.module, parent: stack.top, members: functions.methods, to: stack)
        stack.remove(at: -2)
        let table = stack.top
        if let constructor = functions.constructor {
            constructor.push(to: stack)
            stack.rawSet(table, key: Key.constructor)
        }
        stack.newTable(record: 7 + functions.metamethods.count)
        let metatable = stack.top
        addAccess(type, functions, table, metatable, stack)
        addBasics(type, table, metatable, stack)
        for (name, function) in functions.metamethods {
            function.push(to: stack)
            stack.rawSet(metatable, name)
        }
        stack.pushCopy(of: metatable)
        stack.rawSet(table, key: Key.metatable)
        stack.remove(at: table)
    }

    private static func addBasics(_ type: LuaType, _ table: Int32, _ metatable: Int32, _ stack: LuaStack) {
        stack.push(type.name)
        stack.rawSet(metatable, "__name")
        lua_pushcclosure(stack.L, nj_object_gc, 0)
        stack.rawSet(metatable, "__gc")
        stack.pushCopy(of: table)
        stack.rawSet(metatable, "__metatable")
        stack.pushCopy(of: table)
        stack.rawSet(metatable, key: Key.classTable)
        stack.push(pointer: UnsafeRawPointer(Unmanaged.passUnretained(type).toOpaque()))
        stack.rawSet(metatable, key: Key.nativeClass)
    }

    /// `__index` and `__newindex`. Where there is nothing but methods, `__index` is the class table itself.
    private static func addAccess(
        _ type: LuaType, _ functions: TypeMembers, _ table: Int32, _ metatable: Int32, _ stack: LuaStack
    ) {
        stack.pushCopy(of: table)
        if functions.getters != nil || functions.indexFallback != nil || type.allowsFields {
            push(functions.getters, stack)
            push(functions.indexFallback, stack)
            if type.findsClassFirst {
                lua_pushcclosure(stack.L, nj_object_index_class_first, 3)
            } else {
                lua_pushcclosure(stack.L, nj_object_index, 3)
            }
        }
        stack.rawSet(metatable, "__index")
        stack.pushCopy(of: table)
        push(functions.setters, stack)
        push(functions.newIndexFallback, stack)
        stack.push(type.allowsFields)
        lua_pushcclosure(stack.L, nj_object_newindex, 4)
        stack.rawSet(metatable, "__newindex")
    }

    private static func push(_ members: SharedFunction.Table?, _ stack: LuaStack) {
        if let members { members.push(to: stack) } else { stack.pushNil() }
    }

    private static func push(_ function: SharedFunction?, _ stack: LuaStack) {
        if let function { function.push(to: stack) } else { stack.pushNil() }
    }

    /// Pushes the metatable for instances of a subclass, from that of its parent: the same, but attributes are looked for in the
    /// subclass first.
    static func derive(from parent: Int32, for table: Int32, name: String, _ stack: LuaStack) {
        stack.newTable(record: 12)
        let metatable = stack.top
        stack.pushNil()
        while stack.next(parent) {
            stack.pushCopy(of: -2)
            stack.insert(at: -2)
            stack.rawSet(metatable)
        }
        stack.push(name)
        stack.rawSet(metatable, "__name")
        stack.pushCopy(of: table)
        stack.rawSet(metatable, "__metatable")
        stack.pushCopy(of: table)
        stack.rawSet(metatable, key: Key.classTable)
        rebind("__index", nj_object_index, upvalues: 3, metatable, table, stack)
        rebind("__newindex", nj_object_newindex, upvalues: 4, metatable, table, stack)
    }

    /// Replaces an access function by one whose first upvalue, the class, is `table`.
    private static func rebind(
        _ name: StaticString, _ function: @escaping lua_CFunction, upvalues: Int32, _ metatable: Int32, _ table: Int32,
        _ stack: LuaStack
    ) {
        stack.rawGet(metatable, name)
        let old = stack.top
        stack.pushCopy(of: table)
        for upvalue in 2...upvalues {
            if stack.type(at: old) != .function || lua_getupvalue(stack.L, old, upvalue) == nil { stack.pushNil() }
        }
        lua_pushcclosure(stack.L, function, upvalues)
        stack.rawSet(metatable, name)
        stack.setTop(old - 1)
    }

    // MARK: Userdata

    /// Pushes the userdata that this interpreter already has for `object`; false, and nothing pushed, if there is none.
    static func pushKnown(_ object: AnyObject, to stack: LuaStack) -> Bool {
        pushObjects(stack)
        stack.rawGet(-1, key: UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque()))
        stack.remove(at: -2)
        if stack.type(at: -1) == .userdata { return true }
        stack.pop()
        return false
    }

    /// The entries are weak and vanish before the userdata lets go of its object, so an address is never found for another object.
    private static func pushObjects(_ stack: LuaStack) {
        if stack.registryGet(Key.objects) == .table { return }
        stack.pop()
        stack.newTable()
        stack.newTable(record: 1)
        stack.push("v")
        stack.rawSet(-2, "__mode")
        stack.setMetatable(-2)
        stack.pushCopy(of: -1)
        stack.registrySet(Key.objects)
    }

    /// Pushes a new userdata with the metatable at `metatableAt`.
    /// - Parameter isNoted: whether it is to be found when the object is pushed again.
    static func pushNew(
        _ object: AnyObject, userValues: Int32, metatableAt index: Int32, isNoted: Bool = true, to stack: LuaStack
    ) {
        let metatable = stack.absolute(index)
        let retained = Unmanaged.passRetained(object).toOpaque()
        _ = nj_push_object(stack.L, retained, userValues)
        stack.pushCopy(of: metatable)
        stack.setMetatable(-2)
        if isNoted { note(object, instanceAt: -1, stack) }
    }

    /// Notes the userdata at `index` as the one that stands for `object` in this interpreter.
    static func note(_ object: AnyObject, instanceAt index: Int32, _ stack: LuaStack) {
        let index = stack.absolute(index)
        pushObjects(stack)
        stack.pushCopy(of: index)
        stack.rawSet(-2, key: UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque()))
        stack.pop()
    }

    /// Pushes a new userdata of the class at `classAt`, which may be a script's subclass.
    static func push(_ object: AnyObject, classAt index: Int32, to stack: LuaStack) {
        guard ClassTable.pushInherited(Key.metatable, of: index, stack) else { return stack.pushNil() }
        let userValues = max(1, LuaType.native(stack, classAt: index)?.userValues ?? 1)
        pushNew(object, userValues: userValues, metatableAt: -1, to: stack)
        stack.remove(at: -2)
    }
}

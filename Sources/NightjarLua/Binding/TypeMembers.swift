/// The functions of a ``LuaType``, made once for all interpreters of the process.
final class TypeMembers: Sendable {
    /// What the class table finds by name: methods and functions, for a root also what all classes have.
    let methods: SharedFunction.Table
    /// Those and the inherited ones, as instances look for them; nil where there are none.
    let getters: SharedFunction.Table?
    let setters: SharedFunction.Table?
    let metamethods: [(name: String, function: SharedFunction)]
    /// What answers for keys that are neither attribute nor method.
    let indexFallback: SharedFunction?
    let newIndexFallback: SharedFunction?
    let constructor: SharedFunction?
    private let all: Functions

    /// From the root of the hierarchy down: what comes later overrides.
    private struct Functions {
        var getters: [(name: String, function: SharedFunction?)] = []
        var setters: [(name: String, function: SharedFunction?)] = []
        var metamethods: [(name: String, function: SharedFunction)] = []
    }

    init(_ type: LuaType) {
        var all = type.parent?.functions.all ?? Functions()
        var methods = type.parent == nil ? ClassTable.rootFunctions : []
        for member in type.members {
            let function = member.function(of: type)
            switch member.kind {
            case .method, .function: methods.append((member.name, function))
            case .getter: all.getters.append((member.name, function))
            case .setter: all.setters.append((member.name, function))
            case .metamethod: all.metamethods.append((member.name, function))
            }
        }
        self.all = all
        self.methods = SharedFunction.Table(methods)
        getters = all.getters.isEmpty ? nil : SharedFunction.Table(all.getters)
        // A property without a setter exists and refuses.
        let refused = all.getters.map { (name: $0.name, function: SharedFunction?.none) }
        setters = all.getters.isEmpty && all.setters.isEmpty ? nil : SharedFunction.Table(refused + all.setters)
        indexFallback = all.metamethods.last { $0.name == "__index" }?.function
        newIndexFallback = all.metamethods.last { $0.name == "__newindex" }?.function
        metamethods = all.metamethods.filter { $0.name != "__index" && $0.name != "__newindex" }
        constructor = type.construct.map {
            SharedFunction(type.name, type.signature, isMethod: true, $0)
        }
    }
}

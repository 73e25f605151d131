/// The encoding of values that cross between interpreters.
///
/// A message is one byte of flags, then the values that were encoded together, the bodies that were put off, and the bodies of
/// classes. A value is a tag and what belongs to it. Tables, functions and objects with fields are entities: numbered in the
/// order of their heads, written where they are first met, referred to by number afterwards. So what nobody shares costs
/// neither side a list of it. A body too deep inside others is put off: it follows after the value, in the order of the heads,
/// so that no depth is too great for the stacks of C and Lua.
///
/// It never leaves the process, so it is in the machine's own byte order.
enum MessageTag {
    /// Also the end of items and of pairs, where no nil can stand.
    static let `nil`: UInt8 = 0
    static let `false`: UInt8 = 1
    static let `true`: UInt8 = 2
    /// Four bytes, signed.
    static let integer32: UInt8 = 3
    /// Eight bytes.
    static let integer: UInt8 = 4
    static let number: UInt8 = 5
    static let lightUserdata: UInt8 = 6
    /// A count, then so many bytes.
    static let string: UInt8 = 7
    /// The number of an entity whose tag is marked as shared.
    static let reference: UInt8 = 8
    /// A position in the list of objects.
    static let object: UInt8 = 9
    static let nativeClass: UInt8 = 10
    static let exceptionClass: UInt8 = 11
    /// The receiver's own table of globals.
    static let globals: UInt8 = 12
    /// A count and so many names, for `require`.
    static let module: UInt8 = 13
    /// A name and the function that `package.preload` has for it, because that module follows; then the value.
    static let preload: UInt8 = 14
    /// A number in ``StandardFunctions``.
    static let standardFunction: UInt8 = 15
    /// The names of a module and of a member: a function, or a table of `package`'s.
    static let member: UInt8 = 16
    /// The name of a global that every interpreter of the program starts with.
    static let baseGlobal: UInt8 = 17
    /// In place of an upvalue's value: the variable is that of a function before; a reference to it and the upvalue's number.
    static let joined: UInt8 = 18
    /// The number of a class that the receiver has by now.
    static let knownClass: UInt8 = 19
    /// Classes of scripts, each the parent of the next: a count, the first one's parent, then for each its number, name
    /// and the digest of its fields' names.
    static let classes: UInt8 = 20
    /// A search path of the sender's, because modules follow: which one, and the path; then the value.
    static let packagePath: UInt8 = 21
    /// The address of what a function of Swift leads to in every interpreter.
    static let sharedFunction: UInt8 = 23
    /// The metatable of strings, which all interpreters have as it is.
    static let stringMetatable: UInt8 = 24
    /// The name of a standard stream of the `io` library.
    static let standardStream: UInt8 = 22

    /// 0x20 | kind << 2 | put off << 1 | shared
    static let entities: UInt8 = 0x20
    static let shared: UInt8 = 1
    static let putOff: UInt8 = 2
    /// A string of so many bytes, up to 63.
    static let shortStrings: UInt8 = 0x40
    static let shortStringLimit = 0x40
    /// An integer from -16 on, in the tag itself.
    static let smallIntegers: UInt8 = 0x80
    static let smallIntegerRange: ClosedRange<Int64> = -16...111
}

/// What an entity is. Its head is what it takes to make it, empty; its body what it holds.
enum EntityKind: UInt8 {
    /// Head: the count of the array, the binary logarithm of the count of pairs. Body: items, an end, pairs, an end.
    case table
    /// The same with a metatable in front of the body.
    case tableWithMetatable
    /// The same where the metatable has a finalizer, so it is set last.
    case tableWithFinalizer
    /// Head: the position of a ``FunctionCode``. Body: its upvalues, then globals, each the number of a name (from 1) and a value;
    /// 0 ends them.
    case function
    /// Head: a position in the list of objects, then the class. Body: the fields, a table or nil.
    case instance

    var tag: UInt8 { MessageTag.entities | rawValue << 2 }
}

/// The first byte of a message.
enum MessageFlags {
    /// There are shared entities, bodies put off, or metatables to set last: the decoder keeps lists.
    static let needsLists: UInt8 = 1
    /// Bodies of classes follow at the end.
    static let hasClasses: UInt8 = 2
}

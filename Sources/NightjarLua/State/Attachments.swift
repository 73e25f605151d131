/// Values that others keep with an interpreter, one per type. A few at most, so a list is faster than a dictionary.
@usableFromInline
struct Attachments {
    @usableFromInline final class Box<Value> {
        @usableFromInline let value: Value
        @inlinable init(_ value: Value) { self.value = value }
    }

    @usableFromInline var boxes: [(type: ObjectIdentifier, box: AnyObject)] = []

    @inlinable init() {}

    @inlinable
    func box<Value>(_ type: Value.Type) -> Box<Value>? {
        for entry in boxes where entry.type == ObjectIdentifier(type) {
            // Boxes are noted under the type of their values.
            return unsafeDowncast(entry.box, to: Box<Value>.self)
        }
        return nil
    }

    /// Gives what it replaces, which may do anything when it is let go of: best outside.
    @inlinable
    mutating func set<Value>(_ value: Value?) -> AnyObject? {
        let index = boxes.firstIndex { $0.type == ObjectIdentifier(Value.self) }
        guard let value else { return index.map { boxes.remove(at: $0).box } }
        guard let index else {
            boxes.append((ObjectIdentifier(Value.self), Box(value)))
            return nil
        }
        let old = boxes[index].box
        boxes[index].box = Box(value)
        return old
    }
}

/// For whoever builds on the interpreter.
extension LuaState {
    /// A value that belongs to this interpreter, one per type: made on first use.
    @inlinable
    public func attachment<Value>(_ type: Value.Type = Value.self, make: () -> Value) -> Value {
        if let box = attachments.box(type) { return box.value }
        let value = make()
        setAttachment(value)
        return value
    }

    /// The attachment of this type, if there is one.
    @inlinable
    public func attachment<Value>(_ type: Value.Type = Value.self) -> Value? { attachments.box(type)?.value }

    @inlinable
    public func setAttachment<Value>(_ value: Value?) {
        let old = attachments.set(value)
        withExtendedLifetime(old) {}
    }
}

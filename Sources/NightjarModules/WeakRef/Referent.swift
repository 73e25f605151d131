import NightjarLua

/// One Lua value that weak references were made to: who is to be told of its death.
///
/// Belongs to the thread of its interpreter, as all of this folder does.
final class Referent {
    let registry: WeakRegistry
    /// Where ``WeakRegistry`` finds the value.
    let number: Int
    private(set) var isAlive = true
    // Links take themselves out of the list in their `deinit`, so what it names is alive; a counted reference would be a cycle.
    private unowned(unsafe) var newest: WeakLink?
    // The same: cleared by the `deinit` of the reference.
    unowned(unsafe) var sharedReference: WeakReference?
    unowned(unsafe) var sharedProxy: WeakReference?

    init(_ registry: WeakRegistry, number: Int) {
        self.registry = registry
        self.number = number
        registry.liveObjects += 1
    }

    deinit { registry.liveObjects -= 1 }

    /// The collector found the value unreachable. Called in the middle of its work.
    func die() {
        isAlive = false
        sharedReference = nil
        sharedProxy = nil
        var link = newest
        while let current = link {
            if current.wantsNotice { registry.note(current) }
            link = current.older
        }
        registry.noteActivity()
    }

    fileprivate func insert(_ link: WeakLink) {
        link.older = newest
        newest?.newer = link
        newest = link
    }

    fileprivate func remove(_ link: WeakLink) {
        if let newer = link.newer { newer.older = link.older } else if newest === link { newest = link.older }
        link.older?.newer = link.newer
        link.older = nil
        link.newer = nil
    }

    /// The references and proxies in the order of their making.
    var references: [WeakReference] {
        var found: [WeakReference] = []
        var link = newest
        while let current = link {
            if let reference = current as? WeakReference { found.append(reference) }
            link = current.older
        }
        return found.reversed()
    }
}

/// Dies with the value it stands for: only its weak table entry holds it.
final class Sentinel {
    let referent: Referent
    init(_ referent: Referent) { self.referent = referent }
    deinit { referent.die() }
}

/// What hangs on a referent and may want to know of its death.
class WeakLink {
    let referent: Referent
    /// Counts what an interpreter made, so that the newest is told first.
    let order: Int
    /// Whether ``deliver(to:)`` is to be called after the death of the referent.
    var wantsNotice: Bool
    private var isListed = true
    // Neighbours in the referent's list, each of which takes itself out in its `deinit`.
    fileprivate unowned(unsafe) var older: WeakLink?
    fileprivate unowned(unsafe) var newer: WeakLink?

    init(_ referent: Referent, wantsNotice: Bool) {
        self.referent = referent
        self.wantsNotice = wantsNotice
        order = referent.registry.nextOrder()
        referent.registry.liveObjects += 1
        referent.insert(self)
    }

    deinit {
        unlink()
        referent.registry.liveObjects -= 1
        referent.registry.noteActivity()
    }

    /// Takes no further part in what happens to the referent.
    func unlink() {
        guard isListed else { return }
        isListed = false
        wantsNotice = false
        referent.remove(self)
    }

    /// Runs what was asked for, at a safe point.
    /// - Throws: an interruption only; other errors are reported.
    func deliver(to stack: LuaStack) throws(LuaError) {}
}

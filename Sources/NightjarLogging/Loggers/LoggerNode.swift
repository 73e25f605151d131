/// One name in the tree. Names between a logger and the root that nobody asked for are there too, without a logger.
struct LoggerNode {
    let name: String
    /// Its place in the tree's list; the root is its own parent.
    let parent: Int
    var children: [Int] = []
    var logger: Logger?
    var level = Level.notSet
    var propagate = true
    var disabled = false
    var handlers: [any Handler] = []
    var filters: [any Filter] = []
}

/// The tree as data: nodes by place, places by name. Pure; `LoggerTree` guards it.
struct LoggerNodes {
    static let root = 0

    private var nodes: [LoggerNode]
    private var placeByName: [String: Int] = [:]
    /// The places that are in no tree: each is its own parent, as the root is.
    private var detached: [Int] = []

    init() {
        nodes = [LoggerNode(name: "root", parent: Self.root, level: .warning)]
    }

    subscript(place: Int) -> LoggerNode {
        _read { yield nodes[place] }
        _modify { yield &nodes[place] }
    }

    var places: Range<Int> { nodes.indices }

    func place(named name: String) -> Int? { placeByName[name] }

    /// The place of a dotted name, made with all those above it where they are missing.
    mutating func makePlace(named name: String) -> Int {
        if let place = placeByName[name] { return place }
        // From the top down and without recursion: names may have any number of parts.
        var parent = Self.root
        var index = name.utf8.startIndex
        while let dot = name.utf8[index...].firstIndex(of: UInt8(ascii: ".")) {
            if dot > name.utf8.startIndex { parent = makeChild(named: String(name[..<dot]), of: parent) }
            index = name.utf8.index(after: dot)
        }
        return makeChild(named: name, of: parent)
    }

    private mutating func makeChild(named name: String, of parent: Int) -> Int {
        if let place = placeByName[name] { return place }
        let place = nodes.count
        nodes.append(LoggerNode(name: name, parent: parent))
        nodes[parent].children.append(place)
        placeByName[name] = place
        return place
    }

    /// A place that no name leads to, without anything above or below it.
    mutating func makeDetached(named name: String, level: Level) -> Int {
        let place = nodes.count
        nodes.append(LoggerNode(name: name, parent: place, level: level))
        detached.append(place)
        return place
    }

    /// Whether nothing is above the place.
    func isTop(_ place: Int) -> Bool { nodes[place].parent == place }

    /// Whether the place is in no tree.
    func isDetached(_ place: Int) -> Bool { place != Self.root && isTop(place) }

    /// The nearest place above that has a logger; nil for the root.
    func parentWithLogger(of place: Int) -> Int? {
        guard !isTop(place) else { return nil }
        var above = nodes[place].parent
        while above != Self.root, nodes[above].logger == nil { above = nodes[above].parent }
        return above
    }

    /// The first level that is set, from here upwards.
    func effectiveLevel(of place: Int) -> Level {
        var place = place
        while nodes[place].level == .notSet, !isTop(place) { place = nodes[place].parent }
        return nodes[place].level
    }

    /// The handlers that a record of this place meets, in order.
    func handlers(of place: Int) -> [any Handler] {
        var place = place
        var found = nodes[place].handlers
        while !isTop(place), nodes[place].propagate {
            place = nodes[place].parent
            found += nodes[place].handlers
        }
        return found
    }

    /// Calls `visit` with every place from `place` down, parents first, and its effective level.
    func visit(from place: Int, _ visit: (Int, Level) -> Void) {
        var waiting = [(place, effectiveLevel(of: place))]
        // What all share, such as `disable`, is theirs too.
        if place == Self.root { waiting += detached.map { ($0, nodes[$0].level) } }
        while let (place, level) = waiting.popLast() {
            visit(place, level)
            for child in nodes[place].children {
                waiting.append((child, nodes[child].level == .notSet ? level : nodes[child].level))
            }
        }
    }
}

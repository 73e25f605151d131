/// How important a record is. Any integer is a level; the named ones are Python's.
public struct Level: RawRepresentable, Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral {
    public let rawValue: Int

    @inlinable public init(rawValue: Int) { self.rawValue = rawValue }
    @inlinable public init(_ rawValue: Int) { self.rawValue = rawValue }
    @inlinable public init(integerLiteral value: Int) { rawValue = value }

    @inlinable public static var notSet: Level { Level(0) }
    @inlinable public static var debug: Level { Level(10) }
    @inlinable public static var info: Level { Level(20) }
    @inlinable public static var warning: Level { Level(30) }
    @inlinable public static var error: Level { Level(40) }
    @inlinable public static var critical: Level { Level(50) }

    @inlinable public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
}

/// The names of levels, both ways, as one value. A `LoggingSystem` has one; see `LoggingSystem.addLevelName`.
public struct LevelNames: Sendable {
    // Lists, because they are short, and because the first dictionary of a program costs a tenth of its start.
    private var nameByLevel: [(level: Int, name: String)]
    private var levelByName: [(name: String, level: Int)]
    /// The names of 0, 10 ... 50 again, which nearly all records need.
    private var common: [String]
    /// The same for lines.
    private var commonTexts: [StableText]

    /// Python's names, with `WARN` and `FATAL` as second names.
    public static let standard = LevelNames()

    public init() {
        nameByLevel = [(0, "NOTSET"), (10, "DEBUG"), (20, "INFO"), (30, "WARNING"), (40, "ERROR"), (50, "CRITICAL")]
        common = nameByLevel.map(\.name)
        commonTexts = common.map(StableText.init)
        levelByName = [
            ("NOTSET", 0), ("DEBUG", 10), ("INFO", 20), ("WARN", 30), ("WARNING", 30), ("ERROR", 40), ("FATAL", 50),
            ("CRITICAL", 50),
        ]
    }

    /// All names with their levels (`logging.getLevelNamesMapping`).
    public var mapping: [String: Level] {
        Dictionary(uniqueKeysWithValues: levelByName.map { ($0.name, Level($0.level)) })
    }

    /// Names `level`; an older name of the same level keeps leading to it.
    public mutating func add(_ level: Level, name: String) {
        if let index = nameByLevel.firstIndex(where: { $0.level == level.rawValue }) {
            nameByLevel[index].name = name
        } else {
            nameByLevel.append((level.rawValue, name))
        }
        let (place, rest) = level.rawValue.quotientAndRemainder(dividingBy: 10)
        if rest == 0, common.indices.contains(place) {
            common[place] = name
            commonTexts[place] = StableText(name)
        }
        if let index = levelByName.firstIndex(where: { $0.name == name }) {
            levelByName[index].level = level.rawValue
        } else {
            levelByName.append((name, level.rawValue))
        }
    }

    /// The name of `level`, or `Level n`.
    public func name(of level: Level) -> String {
        let (place, rest) = level.rawValue.quotientAndRemainder(dividingBy: 10)
        if rest == 0, common.indices.contains(place) { return common[place] }
        return nameByLevel.first { $0.level == level.rawValue }?.name ?? "Level \(level.rawValue)"
    }

    /// The UTF-8 of the name of one of 0, 10 ... 50, valid while these names are there; nil for other levels.
    func utf8(of level: Level) -> UnsafeBufferPointer<UInt8>? {
        let (place, rest) = level.rawValue.quotientAndRemainder(dividingBy: 10)
        guard rest == 0, commonTexts.indices.contains(place) else { return nil }
        return commonTexts[place].utf8
    }

    /// The level called `name`, or nil.
    public func level(named name: String) -> Level? {
        levelByName.first { $0.name == name }.map { Level($0.level) }
    }

    /// The level called `name`.
    /// - Throws: `LoggingError` of kind `.value` with Python's text, `Unknown level: 'x'`.
    public func checkedLevel(named name: String) throws(LoggingError) -> Level {
        guard let level = level(named: name) else {
            throw LoggingError(.value, "Unknown level: \(PythonText.quoted(name))")
        }
        return level
    }
}

/// What a subclass does in its own way in the course of one rotation; nil is the usual way. Called on the thread that rotates, while
/// nobody else writes to the file.
public struct RotationSteps {
    /// Gives the name of a rotated file for the usual one (Python's `rotation_filename`).
    public var name: ((String) throws -> String)?
    /// Moves the file to its rotated name (Python's `rotate`).
    public var move: ((_ source: String, _ destination: String) throws -> Void)?
    /// The rotated files that are too many (Python's `getFilesToDelete`).
    public var filesToDelete: (() throws -> [String])?
    /// When to rotate next, after a time in seconds since 1970 (Python's `computeRollover`).
    public var nextRollover: ((Int) throws -> Int)?

    public init() {}
}

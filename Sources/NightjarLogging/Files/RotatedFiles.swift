internal import Glibc
internal import Synchronization

/// The files that a log file becomes: how they are called, moved, compressed and removed. Thread-safe.
final class RotatedFiles: Sendable {
    /// The absolute path of the file that is written to.
    let base: String
    /// Whether files are compressed once they are moved away.
    let compresses: Bool
    private let hooks = Mutex(Hooks())
    private let compression = Mutex<OneShotEvent?>(nil)

    private struct Hooks {
        var namer: RotationNamer?
        var rotator: RotationRotator?
    }

    init(_ base: String, compresses: Bool) {
        self.base = base
        self.compresses = compresses
    }

    var namer: RotationNamer? {
        get { hooks.withLock { $0.namer } }
        set { hooks.withLock { $0.namer = newValue } }
    }
    var rotator: RotationRotator? {
        get { hooks.withLock { $0.rotator } }
        set { hooks.withLock { $0.rotator = newValue } }
    }

    /// The name that the namer gives for the usual one (Python's `rotation_filename`).
    func name(_ usual: String, _ steps: RotationSteps = RotationSteps()) throws -> String {
        if let name = steps.name { return try name(usual) }
        return try namer?(usual) ?? usual
    }

    /// The forms that a rotated file may have: as it was moved, and compressed.
    private func forms(_ name: String) -> [String] { [name, name + Self.compressedSuffix] }
    private static let compressedSuffix = ".gz"

    func exists(_ name: String) -> Bool { forms(name).contains { access($0, F_OK) == 0 } }

    func remove(_ name: String) throws {
        for form in forms(name) {
            try FileLock.whileHolding(form) {
                guard unlink(form) == 0 || errno == ENOENT else {
                    throw SystemCall.failure("cannot remove \(PythonText.quoted(form))")
                }
            }
        }
    }

    /// Renames a rotated file, in whichever form it is there, over what has that name.
    func shift(from source: String, to destination: String) throws {
        guard source != destination, exists(source) else { return }
        try remove(destination)
        for (old, new) in zip(forms(source), forms(destination)) {
            // Compressing it may be under way, here or in another process; the name must not change meanwhile.
            try FileLock.whileHolding(old) { if access(old, F_OK) == 0 { try Self.rename(old, new) } }
        }
    }

    /// Moves the file itself away (Python's `rotate`).
    func moveBase(to destination: String, _ steps: RotationSteps) throws {
        // A namer may say that the file stays where it is.
        if destination != base { try remove(destination) }
        if let move = steps.move {
            try move(base, destination)
        } else if let rotator {
            try rotator(base, destination)
        } else if access(base, F_OK) == 0 {
            try Self.rename(base, destination)
        }
    }

    private static func rename(_ old: String, _ new: String) throws {
        guard Glibc.rename(old, new) == 0 else {
            throw SystemCall.failure("cannot rename \(PythonText.quoted(old)) to \(PythonText.quoted(new))")
        }
    }

    /// The paths beside the file whose names are its own, a dot and something that satisfies `isWanted`.
    func siblings(where isWanted: (Substring) -> Bool) -> [String] {
        let (folder, name) = place
        return listing(folder) { found in
            guard found.hasPrefix(name + ".") else { return false }
            return isWanted(withoutForm(found).dropFirst(name.count + 1))
        }
    }

    /// The paths beside the file that the namer makes of a time that stands somewhere in their names.
    func namedSiblings(with suffix: RotationSuffix) throws -> [String] {
        let (folder, _) = place
        return try listing(folder) { found in
            let found = withoutForm(found)
            return try suffix.occurrences(in: found).contains { time in
                let named = try name("\(base).\(time)")
                return named.utf8.split(separator: UInt8(ascii: "/")).last.map { found.utf8.elementsEqual($0) } ?? false
            }
        }
    }

    private var place: (folder: String, name: String) {
        let slash = base.lastIndex(of: "/") ?? base.startIndex
        return (String(base[..<slash]), String(base[base.index(after: slash)...]))
    }

    private func listing(_ folder: String, where isWanted: (String) throws -> Bool) rethrows -> [String] {
        try FolderListing.names(in: folder.isEmpty ? "/" : folder).filter(isWanted).map { "\(folder)/\($0)" }
    }

    /// The name that a file had before it was compressed.
    private func withoutForm(_ name: String) -> Substring {
        name.hasSuffix(Self.compressedSuffix) ? name.dropLast(Self.compressedSuffix.count) : name[...]
    }

    // MARK: Compression

    /// Compresses rotated files that are not yet, on a thread of its own: nobody who logs waits for it, except who has to rotate
    /// again. What could not be compressed stays as it is until the next rotation.
    func compress(_ paths: [String]) {
        guard compresses else { return }
        let done = OneShotEvent()
        compression.withLock { $0 = done }
        let work: @Sendable () -> Void = {
            for path in paths where access(path, F_OK) == 0 {
                try? GzipFile.compress(path, to: path + Self.compressedSuffix)
            }
            done.signal()
        }
        if !DetachedThread.start(work) { work() }
    }

    /// Waits for the file that is being compressed, a minute at most.
    func waitForCompression() { _ = compression.withLock { $0 }?.wait(timeout: .seconds(60)) }
}

/// Gives a rotated file another name than the usual one.
public typealias RotationNamer = @Sendable (String) throws -> String
/// Moves a file to its rotated name.
public typealias RotationRotator = @Sendable (String, String) throws -> Void

/// A lock of the system on a file's content, between threads and processes.
enum FileLock {
    /// Runs `body` while nobody else holds the file at `path`; just so where there is none.
    static func whileHolding(_ path: String, _ body: () throws -> Void) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return try body() }
        defer { close(descriptor) }
        take(descriptor, LOCK_EX)
        try body()
    }

    /// - Parameter kind: `LOCK_SH`, `LOCK_EX` or `LOCK_UN`.
    static func take(_ descriptor: Int32, _ kind: Int32) {
        // Fails only for descriptors that are none; file systems without locks leave processes to themselves.
        while flock(descriptor, kind) != 0, errno == EINTR {}
    }
}

enum FolderListing {
    /// The names in a folder; none where it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names
    }
}

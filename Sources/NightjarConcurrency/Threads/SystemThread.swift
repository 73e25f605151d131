internal import Glibc

/// What the system's thread library has beyond POSIX. Swift's view of its headers hides these
/// functions, so they are looked up once at run time.
enum SystemThread {
    private typealias GetID = @convention(c) () -> Int32
    private typealias SetName = @convention(c) (pthread_t, UnsafePointer<CChar>) -> CInt

    // The types are those of the system's headers (unistd.h, pthread.h).
    private static let getID = dlsym(nil, "gettid").map { unsafeBitCast($0, to: GetID.self) }
    private static let setName = dlsym(nil, "pthread_setname_np").map {
        // What dlsym found under this name has this type, by the C library's manual.
        unsafeBitCast($0, to: SetName.self)
    }

    /// The number that the system has for the calling thread.
    static var currentID: Int32 {
        if let getID { return getID() }
        // In a program without dynamic linking. Linux builds the clock of a thread from its number:
        // inverted, shifted left by three bits that say what kind of clock it is.
        var clock = clockid_t()
        pthread_getcpuclockid(pthread_self(), &clock)
        return ~(clock >> 3)
    }

    /// Shows a name in the system's lists; does nothing in a program without dynamic linking.
    static func setCurrentName(_ name: String) {
        _ = setName?(pthread_self(), truncated(name))
    }

    /// The first 15 bytes, cut between characters.
    static func truncated(_ name: String) -> String {
        if name.utf8.count <= 15, !name.utf8.contains(0) { return name }
        var result = ""
        var length = 0
        for scalar in name.unicodeScalars {
            length += UTF8.width(scalar)
            if length > 15 || scalar.value == 0 { break }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}

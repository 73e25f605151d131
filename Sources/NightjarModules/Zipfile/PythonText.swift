import Glibc
import NightjarBinary

/// Values as Python prints them in the `repr` of archives and members.
enum PythonText {
    /// `'it\'s'`, `"it's"`
    static func repr(_ text: String) -> String { pythonRepr(text) }

    /// `-rw-r--r--` (Python's `stat.filemode`).
    static func fileMode(_ mode: UInt32) -> String {
        let types: [mode_t: Character] = [
            S_IFREG: "-", S_IFDIR: "d", S_IFLNK: "l", S_IFBLK: "b", S_IFCHR: "c", S_IFIFO: "p", S_IFSOCK: "s",
        ]
        let special: [(bit: UInt32, set: Character, alone: Character)] = [
            (0o4000, "s", "S"), (0o2000, "s", "S"), (0o1000, "t", "T"),
        ]
        var text = String(types[mode & S_IFMT] ?? "?")
        for group in 0..<3 {
            let bits = mode >> UInt32(6 - 3 * group) & 7
            text.append(bits & 4 != 0 ? "r" : "-")
            text.append(bits & 2 != 0 ? "w" : "-")
            if mode & special[group].bit != 0 {
                text.append(bits & 1 != 0 ? special[group].set : special[group].alone)
            } else {
                text.append(bits & 1 != 0 ? "x" : "-")
            }
        }
        return text
    }

    /// The name of a method, or its number.
    static func name(of method: ZipCompressionMethod) -> String {
        let names: [UInt16: String] = [
            0: "store", 1: "shrink", 2: "reduce", 3: "reduce", 4: "reduce", 5: "reduce", 6: "implode", 7: "tokenize",
            8: "deflate", 9: "deflate64", 10: "implode", 12: "bzip2", 14: "lzma", 18: "terse", 19: "lz77", 93: "zstd",
            97: "wavpack", 98: "ppmd",
        ]
        return names[method.rawValue] ?? "\(method.rawValue)"
    }
}

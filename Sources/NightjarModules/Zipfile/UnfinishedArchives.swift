import NightjarBinary
public import NightjarLua

/// The archives that scripts of one interpreter opened for writing.
final class UnfinishedArchives {
    private struct Entry { weak var file: ZipFileObject? }
    private var entries: [Entry] = []

    static func of(_ state: LuaState) -> UnfinishedArchives { state.attachment { UnfinishedArchives() } }

    func add(_ file: ZipFileObject) {
        entries.removeAll { $0.file == nil }
        entries.append(Entry(file: file))
    }

    func abandon() {
        for entry in entries { entry.file?.archive.abandon() }
        entries = []
    }
}

extension StandardModules {
    /// To be called before an interpreter is closed whose script ended in an error that nobody caught: archives that it was still
    /// writing are given up, which leaves what was there before. Otherwise closing the interpreter makes them final, as the
    /// collector does with an archive that a script forgot to close.
    public static func abandonUnfinishedArchives(in state: LuaState) {
        let archives: UnfinishedArchives? = state.attachment()
        archives?.abandon()
    }
}

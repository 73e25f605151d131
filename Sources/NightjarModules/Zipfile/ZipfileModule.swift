import NightjarBinary
import NightjarLua

extension StandardModules {
    /// `require "zipfile"`: ZIP archives.
    ///
    /// Source: https://docs.python.org/3.14/library/zipfile.html
    static let zipfileModule = LuaModule("zipfile", doc: "Reads and writes ZIP archives.") { module in
        module.type(ZipFileObject.luaType)
        module.type(ZipInfoObject.luaType)
        module.type(ZipExtFileObject.luaType)
        module.function("is_zipfile", doc: "is_zipfile(filename): whether a file is a ZIP archive.") { (path: String) in
            ZipArchive.isZipFile(path)
        }
        module.exception(ZipExceptions.badZipFile, doc: "The bytes are not what the format demands.")
        module.exception(ZipExceptions.badZipFile, as: "BadZipfile", doc: "BadZipFile by its old name.")
        module.exception(ZipExceptions.badZipFile, as: "error", doc: "BadZipFile by its oldest name.")
        module.exception(ZipExceptions.largeZipFile, doc: "The ZIP64 extensions are needed and were not allowed.")
        module.exception(
            ZipExceptions.zipLimitError, doc: "More data or members than the limits allow; a kind of BadZipFile.")
        try module.value("ZIP_STORED", doc: "Members are not compressed.", 0)
        try module.value("ZIP_DEFLATED", doc: "The usual compression.", 8)
        try module.value("ZIP_BZIP2", doc: "BZIP2 compression.", 12)
        try module.value("ZIP_LZMA", doc: "LZMA compression.", 14)
        try module.value("ZIP_ZSTANDARD", doc: "Zstandard compression.", 93)
    }
}

/// Where a member goes below the target folder: the parts of its name that Python's `extract` keeps.
///
/// Source: https://docs.python.org/3.14/library/zipfile.html#zipfile.ZipFile.extract
enum MemberPath {
    /// The name without leading slashes, empty parts, `.` and `..`. Drive letters and backslashes mean nothing here.
    static func components(of name: String) -> [String] {
        name.split(separator: "/").filter { $0 != "." && $0 != ".." }.map(String.init)
    }
}

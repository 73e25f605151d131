import Foundation
import Testing

/// What CPython says, recorded by `Goldens/make_goldens.py`.
enum Goldens {
    static func load<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = folder.appendingPathComponent("Goldens/\(name).json")
        return try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
    }

    /// What a scenario printed on standard error.
    static func scenario(_ name: String) throws -> String {
        try #require(load("scenarios", as: [String: String].self)[name])
    }
}

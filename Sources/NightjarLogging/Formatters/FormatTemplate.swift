/// A format taken apart once, whatever its style: literal text and attributes with their conversions.
public struct FormatTemplate: Sendable {
    /// Appends a value in the way the format asks for.
    public typealias Conversion = @Sendable (LogValue, inout [UInt8]) throws -> Void

    /// Appends a value in the way that the format and the further values ask for.
    public typealias DependentConversion = @Sendable (LogValue, [LogValue], inout [UInt8]) throws -> Void

    public enum Segment: Sendable {
        case literal([UInt8])
        /// The attribute as plain text.
        case plain(RecordAttribute)
        case converted(RecordAttribute, Conversion)
        /// As `converted`, in a way that depends on the values of further attributes.
        case dependent(RecordAttribute, [RecordAttribute], DependentConversion)
        /// A part that cannot be formatted, which only formats that were not validated have.
        case invalid(LoggingError)
    }

    public private(set) var segments: [Segment] = []
    /// The format as it was given, where messages show it.
    var source = ""

    public init() {}

    public mutating func append(_ segment: Segment) {
        if case .literal(let text) = segment, case .literal(let before)? = segments.last {
            segments[segments.count - 1] = .literal(before + text)
        } else {
            segments.append(segment)
        }
    }

    /// True if the format shows `asctime` (Python's `usesTime`).
    public var usesTime: Bool { attributes.contains(.asctime) }

    /// The attributes that the format names, in order.
    public var attributes: [RecordAttribute] {
        segments.flatMap { segment -> [RecordAttribute] in
            switch segment {
            case .plain(let attribute), .converted(let attribute, _): [attribute]
            case .dependent(let attribute, let others, _): [attribute] + others
            case .literal, .invalid: []
            }
        }
    }

    /// What showing the attributes needs of a record.
    var recordNeeds: RecordNeeds { attributes.reduce(into: []) { $0.formUnion($1.needs) } }

    /// The first part that cannot be formatted.
    var firstError: LoggingError? {
        for case .invalid(let error) in segments { return error }
        return nil
    }
}

/// A template for running: steps without references in them, so that walking them counts none.
struct FormatProgram: Sendable {
    enum Step: Sendable, BitwiseCopyable {
        /// A part of `literals`.
        case literal(Int, Int)
        case message, levelname, name, threadName, funcName, asctime
        /// Any other segment, by its place in the template.
        case segment(Int)
    }

    private(set) var steps: [Step] = []
    private(set) var literals: [UInt8] = []
    /// Whether nothing but what a `RecordLine` has is to be put together, none of it twice.
    private(set) var isFlat = true

    init(_ template: FormatTemplate) {
        var seen: [RecordAttribute] = []
        for (index, segment) in template.segments.enumerated() {
            switch segment {
            case .literal(let text):
                steps.append(.literal(literals.count, literals.count + text.count))
                literals += text
            case .plain(.message): steps.append(.message)
            case .plain(.levelname): steps.append(.levelname)
            case .plain(.name): steps.append(.name)
            case .plain(.threadName): steps.append(.threadName)
            case .plain(.funcName):
                steps.append(.funcName)
                isFlat = false
            case .plain(.asctime): steps.append(.asctime)
            default:
                steps.append(.segment(index))
                isFlat = false
            }
            guard case .plain(let attribute) = segment else { continue }
            if seen.contains(attribute) { isFlat = false }
            seen.append(attribute)
        }
    }
}

/// How a format marks its attributes. The styles share everything behind `FormatTemplate`.
public struct FormatStyle: Sendable {
    /// What Python calls the style: `%`, `{` or `$`.
    public let name: String
    /// The format that shows the message alone.
    public let defaultFormat: String
    /// The format of `basicConfig`.
    public let basicFormat: String
    /// Takes a format apart. Parts that make no sense become `.invalid`.
    let parse: @Sendable (String) -> FormatTemplate
    /// Refuses what cannot be formatted, and formats that name no attribute, with Python's text.
    let validate: @Sendable (FormatTemplate) throws(LoggingError) -> Void

    /// All styles, in Python's order.
    public static let all: [FormatStyle] = [.percent, .brace, .dollar]

    /// The style called `name`.
    /// - Throws: `LoggingError` of kind `.value`, with Python's text.
    public static func named(_ name: String) throws(LoggingError) -> FormatStyle {
        guard let style = all.first(where: { $0.name == name }) else {
            throw LoggingError(.value, "Style must be one of: \(all.map(\.name).joined(separator: ","))")
        }
        return style
    }
}

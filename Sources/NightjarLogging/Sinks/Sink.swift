/// Where bytes go in the end. Called by one or several handlers on any thread, so it is thread-safe by itself.
public protocol Sink: AnyObject, Sendable {
    /// Takes one record's text whole: texts of several threads never mix.
    /// - Throws: `LoggingError` of kind `.operatingSystem`, or what the conforming type documents.
    func write(_ bytes: [UInt8]) throws
    /// Hands on what the sink itself has kept back.
    func flush() throws
    /// Ends the sink's use of its target. Harmless when repeated.
    func close() throws
    /// Whether somebody sees what is written as it comes.
    var isTerminal: Bool { get }
}

/// A sink that takes each record by itself, also where there are several at once.
public protocol RecordSink: Sink {}

extension Sink {
    public var isTerminal: Bool { false }
}

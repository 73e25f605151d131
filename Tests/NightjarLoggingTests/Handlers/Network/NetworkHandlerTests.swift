@testable import NightjarLogging
import Testing

@Suite struct NetworkHandlerTests {
    @Test func networkHandlersAreAsynchronousUnlessToldOtherwise() throws {
        let handlers: [any Handler] = [
            SocketHandler(host: "localhost", port: 1), DatagramHandler(host: "localhost", port: 1), SysLogHandler(),
            try HTTPHandler(host: "localhost", url: "/"), try OTLPHandler(),
            try SMTPHandler(mailhost: "localhost", fromaddr: "a@b", toaddrs: ["c@d"], subject: "s"),
        ]
        for handler in handlers { #expect(handler.deliveryOptions == .network) }
        #expect(SysLogHandler(delivery: nil).deliveryOptions == nil)
        for handler in handlers { try handler.close() }
    }

    /// Every kind has the parameters that all handlers have, and Python's names.
    @Test func allKindsCanBeNamedInConfigurations() {
        for name in ["Socket", "Datagram", "SysLog", "SMTP", "HTTP", "OTLP"] {
            let kind = ComponentRegistry.standard.handlers["logging.handlers.\(name)Handler"]
            #expect(kind?.delivery == .network, "\(name)")
        }
    }

    @Test func whatGoesOverTheWireCanBeChosenInSwift() throws {
        let handler = try HTTPHandler(host: "localhost", url: "/", delivery: nil)
        let fields = handler.mapLogRecord(LogRecord(name: "a", level: .info, message: "m", fields: ["order": 7]))
        #expect(fields["msg"] == "m" && fields["message"] == "m" && fields["order"] == 7 && fields["exc_info"] == .null)
        let mail = try SMTPHandler(
            mailhost: "localhost", fromaddr: "a@b", toaddrs: ["c@d"], subject: "s", delivery: nil)
        let record = LogRecord(name: "a", level: .info, message: "m")
        #expect(mail.getSubject(record) == "s")
        mail.subjectOf = { "about " + $0.name }
        #expect(mail.getSubject(record) == "about a")
    }

    @Test func aDatagramThatIsTooLargeIsRefusedForGood() throws {
        let handler = DatagramHandler(host: "127.0.0.1", port: 9, delivery: nil)
        let large = PreparedRecord(
            LogRecord(name: "a", level: .info, message: ""), text: [UInt8](repeating: 0x61, count: 70_000))
        let failure = #expect(throws: DeliveryFailure.self) { try handler.emit(batch: [large]) }
        #expect(failure?.isTemporary == false && failure?.refused == 1)
        handler.close()
    }

    @Test func aCollectorThatRejectsRecordsIsNotAskedAgain() throws {
        try OTLPAnswer.check(Array(#"{"partialSuccess":{}}"#.utf8), "x")
        try OTLPAnswer.check(Array(#"{"partialSuccess":{"rejectedLogRecords":"0"}}"#.utf8), "x")
        for answer in [
            #"{"partialSuccess": {"rejectedLogRecords": "2", "errorMessage": "no"}}"#, #"{"rejectedLogRecords":2}"#,
        ] {
            #expect(throws: (any Error).self) { try OTLPAnswer.check(Array(answer.utf8), "x") }
        }
    }
}

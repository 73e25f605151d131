import NightjarLogging
import Testing

@Suite struct LoggingConfigurationTests {
    /// Everything that is wrong with a configuration, as its author sees it.
    private func errors(_ tree: ConfigurationValue) -> String {
        do {
            _ = try LoggingConfiguration(from: tree)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func misspelledNamesAreAnsweredWithTheNearestOne() {
        #expect(
            errors(["version": 1, "handlers": ["mail": ["class": "logging.NullHandler", "level": "WARN1NG"]]])
                == "handlers.mail.level: unknown level \"WARN1NG\" (did you mean \"WARNING\"?)")
        #expect(
            errors([
                "version": 1, "handlers": ["file": ["class": "logging.FileHandler", "filename": "/x"]],
                "root": ["handlers": ["flie"]],
            ]) == "root.handlers[0]: no handler named \"flie\" (did you mean \"file\"?)")
        #expect(
            errors(["version": 1, "handlers": ["h": ["class": "logging.StreamHandlr"]]])
                == "handlers.h.class: unknown handler class \"logging.StreamHandlr\" (did you mean \"logging.StreamHandler\"?)"
        )
        #expect(
            errors(["version": 1, "handlers": ["h": ["class": "logging.FileHandler", "filenme": "/x"]]])
                == "handlers.h: missing \"filename\"\nhandlers.h.filenme: unknown key (did you mean \"filename\"?)")
        #expect(errors(["version": 1, "formaters": [:]]) == "formaters: unknown key (did you mean \"formatters\"?)")
        #expect(
            errors([
                "version": 1, "formatters": ["brief": [:]],
                "handlers": ["h": ["class": "NullHandler", "formatter": "breif"]],
            ])
                == "handlers.h.formatter: no formatter named \"breif\" (did you mean \"brief\"?)")
    }

    @Test func missingAndMistypedValuesNameTheirPlace() {
        #expect(
            errors(["version": 1, "handlers": ["file": ["class": "logging.FileHandler"]]])
                == "handlers.file: missing \"filename\"")
        #expect(errors([:]) == "version: missing; must be 1")
        #expect(errors(["version": 2]) == "version: unsupported version 2; must be 1")
        #expect(errors("x") == "expected a table, got \"x\"")
        #expect(errors(["version": 1, "handlers": ["h": [:]]]) == "handlers.h: missing \"class\"")
        #expect(
            errors(["version": 1, "handlers": ["h": ["class": "FileHandler", "filename": "f", "delay": "yes"]]])
                == "handlers.h.delay: expected a boolean, got \"yes\"")
        #expect(
            errors(["version": 1, "formatters": ["f": ["format": "hello"]]])
                == "formatters.f: Invalid format 'hello' for '%' style")
        #expect(
            errors(["version": 1, "loggers": ["a": ["propagate": "no", "hanlders": []]]])
                == "loggers.a.hanlders: unknown key (did you mean \"handlers\"?)\nloggers.a.propagate: expected a boolean, got \"no\""
        )
        #expect(errors(["version": 1, "handlers": ["h": 3]]) == "handlers.h: expected a table, got 3")
        #expect(errors(["version": 1, "handlers": 3]) == "handlers: expected a table, got 3")
    }

    @Test func allProblemsAreToldAtOnce() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try LoggingConfiguration(from: ["version": 1, "root": ["level": "LOUD", "handlers": ["a", "b"]]])
        }
        #expect(error.problems.map(\.path) == ["root.level", "root.handlers[0]", "root.handlers[1]"])
        #expect(error.value == "LOUD")
    }

    @Test func referencesAreResolved() throws {
        let test = TestSystem()
        try test.system.dictConfig([
            "version": 1,
            "formatters": ["f": ["format": "%(levelname)s %(message)s"], "g": ["format": "cfg://formatters.f.format"]],
            "handlers": ["h": ["class": "StreamHandler", "stream": "ext://sys.stdout", "formatter": "g"]],
            "loggers": ["a": ["handlers": ["h"]]],
            "root": ["handlers": ["cfg://loggers.a.handlers[0]"]],
        ])
        test.system.root.warning("m")
        #expect(test.output.text == "WARNING m\n")
    }

    @Test func referencesToNothingAreErrors() {
        #expect(
            errors(["version": 1, "formatters": ["f": ["format": "cfg://formaters.f"]]])
                == "formatters.f.format: \"cfg://formaters.f\" names nothing: there is no \"formaters\" (did you mean \"formatters\"?)"
        )
        #expect(
            errors(["version": 1, "formatters": ["f": ["format": "cfg://formatters.f.format"]]])
                == "formatters.f.format: \"cfg://formatters.f.format\" leads in a circle")
        #expect(errors(["version": 1, "formatters": ["f": ["format": "cfg://a..b"]]]).contains("cannot read"))
        #expect(
            errors(["version": 1, "handlers": ["h": ["class": "StreamHandler", "stream": "ext://sys.stdou"]]])
                .contains("unknown object \"ext://sys.stdou\""))
    }

    @Test func customLevelsAreKnown() throws {
        var levels = LevelNames.standard
        levels.add(15, name: "VERBOSE")
        let configuration = try LoggingConfiguration(
            from: ["version": 1, "root": ["level": "VERBOSE"], "loggers": ["a": ["level": 7]]], levels: levels)
        #expect(configuration.root?.level == 15)
        #expect(configuration.loggers["a"]?.level == 7)
    }
}

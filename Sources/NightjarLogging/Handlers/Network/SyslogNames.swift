/// The names and numbers of syslog (RFC 5424, section 6.2.1), as Python's `SysLogHandler` spells them.
public enum SyslogNames {
    public static let priorities: [String: Int] = [
        "emerg": 0, "panic": 0, "alert": 1, "crit": 2, "critical": 2, "err": 3, "error": 3, "warn": 4, "warning": 4,
        "notice": 5, "info": 6, "debug": 7,
    ]

    public static let facilities: [String: Int] = [
        "kern": 0, "user": 1, "mail": 2, "daemon": 3, "auth": 4, "security": 4, "syslog": 5, "lpr": 6, "news": 7,
        "uucp": 8, "cron": 9, "authpriv": 10, "ftp": 11, "ntp": 12, "console": 14, "solaris-cron": 15, "local0": 16,
        "local1": 17, "local2": 18, "local3": 19, "local4": 20, "local5": 21, "local6": 22, "local7": 23,
    ]

    /// Which priority a level of that name has, if it has not been given another.
    public static let usualPriorities: [String: String] = [
        "DEBUG": "debug", "INFO": "info", "WARNING": "warning", "ERROR": "error", "CRITICAL": "critical",
    ]

    /// The class attributes `LOG_ERR`, `LOG_LOCAL0` and so on.
    public static let constants: [(name: String, value: Int)] = [
        ("LOG_EMERG", 0), ("LOG_ALERT", 1), ("LOG_CRIT", 2), ("LOG_ERR", 3), ("LOG_WARNING", 4), ("LOG_NOTICE", 5),
        ("LOG_INFO", 6), ("LOG_DEBUG", 7), ("LOG_KERN", 0), ("LOG_USER", 1), ("LOG_MAIL", 2), ("LOG_DAEMON", 3),
        ("LOG_AUTH", 4), ("LOG_SYSLOG", 5), ("LOG_LPR", 6), ("LOG_NEWS", 7), ("LOG_UUCP", 8), ("LOG_CRON", 9),
        ("LOG_AUTHPRIV", 10), ("LOG_FTP", 11), ("LOG_NTP", 12), ("LOG_SECURITY", 13), ("LOG_CONSOLE", 14),
        ("LOG_SOLCRON", 15), ("LOG_LOCAL0", 16), ("LOG_LOCAL1", 17), ("LOG_LOCAL2", 18), ("LOG_LOCAL3", 19),
        ("LOG_LOCAL4", 20), ("LOG_LOCAL5", 21), ("LOG_LOCAL6", 22), ("LOG_LOCAL7", 23),
    ]

    /// - Throws: `LoggingError` of kind `.key`.
    public static func number(_ name: String, in names: [String: Int], what: String) throws(LoggingError) -> Int {
        guard let number = names[name] else {
            throw LoggingError(.key, "unknown syslog \(what) \(PythonText.quoted(name))")
        }
        return number
    }
}

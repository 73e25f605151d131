// NightjarLogging

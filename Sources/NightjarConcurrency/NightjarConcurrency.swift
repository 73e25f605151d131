// NightjarConcurrency

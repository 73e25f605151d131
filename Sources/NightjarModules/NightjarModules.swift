// NightjarModules

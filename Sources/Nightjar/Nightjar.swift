// `import Nightjar` is enough for an application: these are the parts that it meets by name.
@_exported public import NightjarConcurrency
@_exported public import NightjarLogging
@_exported public import NightjarLua
@_exported public import NightjarModules

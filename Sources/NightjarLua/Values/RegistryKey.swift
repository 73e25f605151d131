/// An address that no one else has, as a key of the registry and of metatables.
public struct RegistryKey: Sendable {
    private final class Address: Sendable {}
    private let address = Address()

    public init() {}

    public var pointer: UnsafeRawPointer { UnsafeRawPointer(Unmanaged.passUnretained(address).toOpaque()) }
}

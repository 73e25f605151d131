// The standard library's closures over memory throw any error; these keep the type.

extension [UInt8] {
    /// Calls `body` with the array's memory.
    func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(ZipError) -> Result
    ) throws(ZipError) -> Result {
        let result: Swift.Result<Result, ZipError> = withUnsafeBytes { buffer in
            Swift.Result { () throws(ZipError) in try body(buffer) }
        }
        return try result.get()
    }

    /// An array of up to `capacity` bytes, as many as `body` says it filled.
    static func filled(
        capacity: Int, by body: (UnsafeMutableRawBufferPointer) throws(ZipError) -> Int
    ) throws(ZipError) -> [UInt8] {
        var failure: ZipError?
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            do throws(ZipError) {
                // The memory may be larger than asked for.
                let memory = UnsafeMutableRawBufferPointer(buffer).prefix(capacity)
                count = try body(UnsafeMutableRawBufferPointer(rebasing: memory))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }
}

internal import CDeflate

/// CRC-32 as the format uses it: of `bytes` after those that gave `crc`, which is 0 at the start.
func checksum(_ bytes: UnsafeRawBufferPointer, after crc: UInt32 = 0) -> UInt32 {
    bytes.isEmpty ? crc : libdeflate_crc32(crc, bytes.baseAddress, bytes.count)
}

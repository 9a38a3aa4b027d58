// The checksum of TensorBoard's event files.

/// CRC-32C (Castagnoli, polynomial 0x82F63B78, reflected), as iSCSI and TFRecord files have it; zip's CRC-32 has
/// another polynomial. Bytes come one at a time: an event file grows by a few hundred of them per validation.
public enum CRC32C {
  /// The checksum of some bytes; `123456789` gives 0xE3069283.
  public static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { crc, byte in
      table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ crc >> 8
    }
  }

  /// What TFRecord stores: rotated and shifted, so that a checksum of data that hold checksums stays a good one.
  public static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let crc = checksum(of: bytes)
    return (crc >> 15 | crc << 17) &+ 0xa282_ead8
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0x82f6_3b78 : crc >> 1 }
  }
}

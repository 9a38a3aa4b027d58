// A checksum per file, so that flipped bits are found that still read as numbers.

import Foundation

/// CRC-32 as zip, PNG and Ethernet compute it (polynomial 0xEDB88320, reflected): it finds any burst of up to 32
/// wrong bits and misses other damage once in four billion times. Anybody's tool gives the same number, such as
/// Python's `zlib.crc32`.
package enum Checksum {
  /// The checksum of a file as `info.json` has it: `crc32:` and eight hexadecimal digits.
  ///
  /// - Throws: `UserError` where the file cannot be read.
  package static func text(ofFile url: URL) throws -> String {
    let data: Data
    do { data = try Data(contentsOf: url, options: .alwaysMapped) } catch {
      throw UserError("cannot read \(url.path): \(systemReason(of: error))")
    }
    return text(of: data)
  }

  /// The checksum of some bytes in the same form.
  package static func text(of data: Data) -> String {
    let digits = String(data.withUnsafeBytes(crc32), radix: 16)
    return "crc32:" + String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The CRC-32 of some bytes, eight bytes a turn (Kounavis & Berry 2005).
  package static func crc32(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      var crc = UInt32.max
      var index = 0
      while index + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian ^ UInt64(crc)
        crc = 0
        for byte in 0..<8 {
          let value = Int(truncatingIfNeeded: word >> UInt64(8 * byte)) & 0xff
          crc ^= tables[(7 - byte) * 256 + value]
        }
        index += 8
      }
      for byte in bytes[index...] {
        let value = Int(UInt8(truncatingIfNeeded: crc) ^ byte)
        crc = tables[value] ^ crc >> 8
      }
      return ~crc
    }
  }

  /// `[8, 256]`: entry (k, b) is what byte b leaves in the checksum after k more bytes of zero.
  private static let tables: [UInt32] = {
    var tables: [UInt32] = (0..<256).map { index in
      var crc = UInt32(index)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
      return crc
    }
    for index in 0..<7 * 256 {
      let shorter = tables[index]
      tables.append(shorter >> 8 ^ tables[Int(shorter & 0xff)])
    }
    return tables
  }()
}

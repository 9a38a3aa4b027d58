// One record of a TensorBoard event file: a protocol buffer in TFRecord's frame.

import Foundation

/// Scalars of one step, as TensorBoard's `Event` message holds them.
///
/// ```
///   frame     length: UInt64 | masked CRC-32C of the length | message | masked CRC-32C of the message
///   Event     1: wall_time double, 2: step varint, 3: file_version string, 5: Summary
///   Summary   1: Value, repeated           Value   1: tag string, 2: simple_value float
/// ```
///
/// Numbers are little-endian. The message is written by hand: four fields need no code generator.
public struct ScalarEvent: Equatable, Sendable {
  /// Seconds since 1970.
  public var time: Double
  /// The gradient step.
  public var step: Int
  /// Tags such as `loss/training`, in the order in which they are written.
  public var scalars: [Scalar]

  /// One figure of an event.
  public struct Scalar: Equatable, Sendable {
    /// The curve's name.
    public var tag: String
    /// The curve's value at the event's step.
    public var value: Float

    /// A curve's name and value.
    public init(_ tag: String, _ value: Float) { (self.tag, self.value) = (tag, value) }
  }

  /// An event of some figures at a time, in seconds since 1970.
  public init(time: Double, step: Int, scalars: [Scalar]) {
    precondition(step >= 0, "steps are counted from 0")
    (self.time, self.step, self.scalars) = (time, step, scalars)
  }

  /// The first record of every event file.
  public static func fileVersion(time: Double) -> Data {
    frame(double(1, time) + bytes(3, Array("brain.Event:2".utf8)))
  }

  /// The event in its frame, as a file holds it.
  public var record: Data {
    var summary: [UInt8] = []
    for scalar in scalars {
      let value =
        Self.bytes(1, Array(scalar.tag.utf8)) + Self.key(2, wire: 5)
        + Self.littleEndian(scalar.value.bitPattern)
      summary += Self.bytes(1, value)
    }
    // Protocol buffers leave out a number that is 0.
    let step = step == 0 ? [] : Self.key(2, wire: 0) + Self.varint(UInt64(step))
    return Self.frame(Self.double(1, time) + step + Self.bytes(5, summary))
  }

  // MARK: Bytes

  private static func frame(_ message: [UInt8]) -> Data {
    let length = littleEndian(UInt64(message.count))
    return Data(
      length + littleEndian(CRC32C.masked(length)) + message + littleEndian(CRC32C.masked(message)))
  }

  private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian, Array.init)
  }

  private static func varint(_ number: UInt64) -> [UInt8] {
    var rest = number
    var result: [UInt8] = []
    while rest >= 0x80 {
      result.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return result + [UInt8(rest)]
  }

  private static func key(_ field: UInt64, wire: UInt64) -> [UInt8] { varint(field << 3 | wire) }

  private static func double(_ field: UInt64, _ number: Double) -> [UInt8] {
    key(field, wire: 1) + littleEndian(number.bitPattern)
  }

  private static func bytes(_ field: UInt64, _ content: [UInt8]) -> [UInt8] {
    key(field, wire: 2) + varint(UInt64(content.count)) + content
  }
}

// The element types of safetensors files, and which of them have a Swift type here.

/// An element type of the safetensors format, named as its headers name it.
public enum TensorType: String, Codable, Sendable, CaseIterable {
  /// Floating point, 8 bytes.
  case float64 = "F64"
  /// Floating point, 4 bytes.
  case float32 = "F32"
  /// Floating point, 2 bytes.
  case float16 = "F16"
  /// The upper half of a `float32`.
  case brainFloat16 = "BF16"
  /// With a sign, 8 bytes.
  case int64 = "I64"
  /// With a sign, 4 bytes.
  case int32 = "I32"
  /// With a sign, 2 bytes.
  case int16 = "I16"
  /// With a sign, 1 byte.
  case int8 = "I8"
  /// Without a sign, 8 bytes.
  case uint64 = "U64"
  /// Without a sign, 4 bytes.
  case uint32 = "U32"
  /// Without a sign, 2 bytes.
  case uint16 = "U16"
  /// Without a sign, 1 byte.
  case uint8 = "U8"
  /// A byte, 0 or 1.
  case bool = "BOOL"

  /// Bytes of one element.
  public var byteCount: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .brainFloat16, .int16, .uint16: 2
    case .int8, .uint8, .bool: 1
    }
  }
}

/// A Swift type whose values lie in a file as they lie in memory (little-endian machines only).
public protocol TensorElement: BitwiseCopyable, Sendable {
  /// How files name it.
  static var tensorType: TensorType { get }
}

extension Float: TensorElement {
  /// Stored as `F32`.
  public static var tensorType: TensorType { .float32 }
}

extension Double: TensorElement {
  /// Stored as `F64`.
  public static var tensorType: TensorType { .float64 }
}

extension Int64: TensorElement {
  /// Stored as `I64`.
  public static var tensorType: TensorType { .int64 }
}

extension Int32: TensorElement {
  /// Stored as `I32`.
  public static var tensorType: TensorType { .int32 }
}

extension UInt64: TensorElement {
  /// Stored as `U64`.
  public static var tensorType: TensorType { .uint64 }
}

extension UInt8: TensorElement {
  /// Stored as `U8`.
  public static var tensorType: TensorType { .uint8 }
}

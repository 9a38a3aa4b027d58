// Where each named array of an observation stands among its numbers.

import PlanarCore

/// The named arrays of an observation, end to end: numbers in one run, bytes in another.
///
/// ```
///   floats  | observation.state | observation.environment_state | observation.touch |
///   bytes   | observation.images.top |
/// ```
///
/// Features without numbers have no field.
public struct ObservationLayout: Equatable, Sendable {
  /// One named array.
  public struct Field: Equatable, Sendable {
    /// Its name in files, commands and reports.
    public let name: String
    /// What each number is stored as.
    public let dtype: FeatureSpec.ElementType
    /// Its numbers.
    public let count: Int
    /// Where they begin among those of their type.
    public fileprivate(set) var offset: Int

    /// Its numbers among those of their type.
    public var range: Range<Int> { offset..<offset + count }
  }

  /// Where each feature's numbers stand, in the order of the features.
  public private(set) var fields: [Field] = []
  /// Numbers of all `float32` fields.
  public private(set) var floatCount = 0
  /// Numbers of all `uint8` fields.
  public private(set) var byteCount = 0

  /// The layout of an observation that holds nothing.
  public init() {}

  /// The layout of the observations that some features describe.
  public init(_ features: FeatureSet) {
    for feature in features.observations { append(feature.name, feature.dtype, count: feature.count) }
  }

  /// The field of a name; nil where there is none.
  public func field(_ name: String) -> Field? { fields.first { $0.name == name } }

  /// Adds a field behind the others; nothing where it has no numbers.
  mutating func append(_ name: String, _ dtype: FeatureSpec.ElementType, count: Int) {
    guard count > 0 else { return }
    switch dtype {
    case .float32:
      fields.append(Field(name: name, dtype: dtype, count: count, offset: floatCount))
      floatCount += count
    case .uint8:
      fields.append(Field(name: name, dtype: dtype, count: count, offset: byteCount))
      byteCount += count
    }
  }

  /// Takes a field away; those behind it move up.
  mutating func remove(_ name: String) {
    let rest = fields.filter { $0.name != name }
    self = ObservationLayout()
    for field in rest { append(field.name, field.dtype, count: field.count) }
  }
}

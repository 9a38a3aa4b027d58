// What a key of environment.yaml means: the reader's limits, the schema for editors and the page for people all come
// from here.

/// One key of a section.
public struct SpecificationField: Sendable {
  /// What stands behind the key.
  public indirect enum Form: Sendable {
    /// Any text.
    case text
    /// `true` or `false`.
    case flag
    /// One of several words.
    case word([String])
    /// One of several words, or a list of them.
    case words([String])
    /// A number, with its unit where it has one.
    case number
    /// A number without a fraction.
    case wholeNumber
    /// `[least, greatest]`
    case range
    /// `[least, greatest]`, or one number for both.
    case rangeOrNumber
    /// `[x, y]`
    case point
    /// A list of values of any form.
    case values
    /// A list of so many numbers.
    case numbers(ClosedRange<Int>)
    /// `[width, height]` in pixels, or `off`.
    case picture
    /// A colour such as `0xD93636`.
    case color
    /// A mapping.
    case section(SpecificationSection)
    /// A list of mappings.
    case list(SpecificationSection)
  }

  /// The key, in snake case.
  public var key: String
  /// What its value looks like.
  public var form: Form
  /// What its numbers measure: the units that it takes.
  public var dimension = PhysicalDimension.count
  /// What its numbers lie within; nil for any.
  public var limits: ClosedRange<Double>?
  /// Whether it may be `off`.
  public var canBeOff = false
  /// nil where the key must be there.
  public var standard: String?
  /// One line for people, without a full stop.
  public var meaning: String

  /// - Parameter standard: what counts where the key is missing, in words; nil where it must be there.
  public init(
    _ key: String, _ form: Form, _ dimension: PhysicalDimension, _ limits: ClosedRange<Double>?,
    standard: String? = nil, _ meaning: String
  ) {
    (self.key, self.form, self.dimension, self.limits) = (key, form, dimension, limits)
    (self.standard, self.meaning) = (standard, meaning)
  }

  /// Without limits.
  public init(
    _ key: String, _ form: Form, _ dimension: PhysicalDimension, standard: String? = nil, _ meaning: String
  ) {
    self.init(key, form, dimension, nil, standard: standard, meaning)
  }

  /// Without numbers.
  public init(_ key: String, _ form: Form, standard: String? = nil, _ meaning: String) {
    self.init(key, form, .count, nil, standard: standard, meaning)
  }

  /// One number within limits.
  public static func number(
    _ key: String, _ dimension: PhysicalDimension, _ limits: ClosedRange<Double>, standard: String? = nil,
    _ meaning: String
  ) -> SpecificationField {
    SpecificationField(key, .number, dimension, limits, standard: standard, meaning)
  }

  /// A mapping of its own keys.
  public static func section(
    _ key: String, _ section: SpecificationSection, standard: String? = nil, _ meaning: String
  ) -> SpecificationField {
    SpecificationField(key, .section(section), standard: standard, meaning)
  }
}

/// The keys that a mapping may have.
public struct SpecificationSection: Sendable {
  /// For headings and the schema, such as `objects`.
  public var name: String
  /// The keys, in the order in which pages list them.
  public var fields: [SpecificationField]
  /// What stands behind any other key, where keys are names that the file chooses; its own key is what they are called.
  public var entries: [SpecificationField] = []

  /// A mapping of known keys.
  public init(_ name: String, _ fields: [SpecificationField]) { (self.name, self.fields) = (name, fields) }

  /// A mapping whose keys are names.
  public init(_ name: String, _ fields: [SpecificationField] = [], each entry: SpecificationField) {
    (self.name, self.fields, self.entries) = (name, fields, [entry])
  }

  /// The names of the known keys.
  public var keys: [String] { fields.map(\.key) }

  /// A key; where keys are names, what stands behind any of them.
  public subscript(key: String) -> SpecificationField? { fields.first { $0.key == key } ?? entries.first }
}

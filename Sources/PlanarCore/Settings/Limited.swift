// Settings whose numbers have ranges, which the one decoder of settings checks.

/// Settings whose numbers must lie in ranges.
///
/// Decoding a `SettingsNode` checks them, so that errors name file, line and key; `requireLimits` does so for values
/// that were put together in code or from flags.
///
/// ```swift
/// extension Sizes: Limited {
///   static var limits: [NumberLimit<Sizes>] { [NumberLimit("width", 8...4096) { $0.width }] }
/// }
/// ```
public protocol Limited {
  /// The ranges, by property.
  static var limits: [NumberLimit<Self>] { get }
}

/// The range of one property of settings.
public struct NumberLimit<Settings>: Sendable {
  /// The property's key, as its coding has it.
  let property: String
  private let check: @Sendable (Settings) -> String?

  /// A closed range.
  ///
  /// - Parameters:
  ///   - property: its coding key.
  ///   - value: nil where it is not given.
  public init<Number: Comparable & Sendable>(
    _ property: String, _ range: ClosedRange<Number>, _ value: @escaping @Sendable (Settings) -> Number?
  ) { self.init(property, NumberRange(range), value) }

  /// A range without its end.
  public init<Number: Comparable & Sendable>(
    _ property: String, _ range: Range<Number>, _ value: @escaping @Sendable (Settings) -> Number?
  ) { self.init(property, NumberRange(range), value) }

  /// A range that has a name.
  public init<Number: Comparable & Sendable>(
    _ property: String, _ range: NumberRange<Number>, _ value: @escaping @Sendable (Settings) -> Number?
  ) {
    self.property = property
    check = { settings in value(settings).flatMap(range.problem) }
  }

  /// "must be …, not …"; nil where the number lies in its range.
  func problem(in settings: Settings) -> String? { check(settings) }
}

extension Limited {
  /// - Parameter section: the key under which files have these settings, such as `training`; empty for the whole file.
  /// - Throws: `UserError` naming the key of the first number that is out of range, in snake case.
  public func requireLimits(in section: String) throws {
    for limit in Self.limits {
      guard let problem = limit.problem(in: self) else { continue }
      let key = limit.property.contains("_") ? limit.property : snakeCase(limit.property)
      throw UserError("\(section.isEmpty ? key : "\(section).\(key)") \(problem)")
    }
  }
}

extension SettingsNode {
  /// - Throws: `UserError` with file, line and key of the first number that is out of its range.
  func requireLimits<Settings: Limited>(of settings: Settings) throws {
    for limit in Settings.limits {
      guard let problem = limit.problem(in: settings) else { continue }
      throw (value(style.key(of: limit.property)) ?? self).error(problem)
    }
  }
}

// What a number must lie within: said once, where the number is declared, and checked wherever it is read.

/// The numbers that a setting may have, and how a sentence says so.
///
/// ```swift
/// static let batchSize = NumberRange(1...65_536)
/// try batchSize.require(0, "the batch size")  // "the batch size must be a whole number from 1 to 65536, not 0"
/// ```
public struct NumberRange<Number: Comparable & Sendable>: Sendable {
  /// The least number.
  public let least: Number
  /// The greatest number, or the one below which all lie.
  public let greatest: Number
  /// Whether `greatest` itself is one of them.
  public let includesGreatest: Bool

  /// All numbers from the least to the greatest.
  public init(_ range: ClosedRange<Number>) {
    (least, greatest, includesGreatest) = (range.lowerBound, range.upperBound, true)
  }

  /// All numbers from the least to below the end.
  public init(_ range: Range<Number>) {
    (least, greatest, includesGreatest) = (range.lowerBound, range.upperBound, false)
  }

  /// Whether a number lies within; nothing that is not finite does.
  public func contains(_ number: Number) -> Bool {
    number >= least && (includesGreatest ? number <= greatest : number < greatest)
  }

  /// "a whole number from 1 to 65536" or "a number from 0 to below 1".
  public var expectation: String {
    let kind = Number.self is any FixedWidthInteger.Type ? "a whole number" : "a number"
    return "\(kind) from \(Self.text(least)) to \(includesGreatest ? "" : "below ")\(Self.text(greatest))"
  }

  /// - Throws: `UserError` that says what the number must be.
  public func require(_ number: Number, _ name: String) throws {
    if let problem = problem(of: number) { throw UserError("\(name) \(problem)") }
  }

  /// "must be a whole number from 1 to 65536, not 0"; nil for a number that lies within.
  public func problem(of number: Number) -> String? {
    contains(number) ? nil : "must be \(expectation), not \(Self.text(number))"
  }

  /// A word of a command line as a number of the range.
  ///
  /// - Throws: `UserError` with the end of a sentence: what the word must be.
  public func parse(_ word: String) throws -> Number where Number: LosslessStringConvertible {
    guard let number = Number(word) else { throw UserError("it must be \(expectation)") }
    guard contains(number) else { throw UserError("it must be \(expectation)") }
    return number
  }

  private static func text(_ number: Number) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

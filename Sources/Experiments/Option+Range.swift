// Numbers of the command line: each has its range where it is declared.

import ArgumentParser
import PlanarCore

extension Option {
  /// A number within a range, with a default.
  ///
  /// ```swift
  /// @Option(within: 1...1024, help: "Worker threads.") var threads = 2
  /// ```
  public init(
    wrappedValue: Value, within range: ClosedRange<Value>, name: NameSpecification = .long, help: ArgumentHelp
  ) where Value: Comparable & LosslessStringConvertible & Sendable {
    var help = help
    help.abstract += " (default: \(wrappedValue))"
    self.init(wrappedValue: wrappedValue, name: name, help: help, transform: { try NumberRange(range).parse($0) })
  }

  /// A number within a range that may be left out.
  public init<Number>(
    within range: ClosedRange<Number>, name: NameSpecification = .long, help: ArgumentHelp
  ) where Value == Number?, Number: Comparable & LosslessStringConvertible & Sendable {
    self.init(name: name, help: help, transform: { try NumberRange(range).parse($0) })
  }

  /// A list of numbers within a range, up to the next option.
  public init<Number>(
    wrappedValue: Value, eachWithin range: ClosedRange<Number>, parsing: ArrayParsingStrategy = .singleValue,
    help: ArgumentHelp
  ) where Value == [Number], Number: Comparable & LosslessStringConvertible & Sendable {
    var help = help
    if !wrappedValue.isEmpty { help.abstract += " (default: \(wrappedValue.map { "\($0)" }.joined(separator: ", ")))" }
    self.init(wrappedValue: wrappedValue, parsing: parsing, help: help, transform: { try NumberRange(range).parse($0) })
  }
}

// Distinct strings by number, in order of first appearance.

/// Distinct strings by number, in order of first appearance. Lookup is O(1).
public struct NameTable: Equatable, Sendable {
  /// The names in the order in which they were first met; a name's index is its number.
  public private(set) var names: [String] = []
  private var numbers: [String: Int] = [:]

  /// A table without names.
  public init() {}

  /// The number of a name, added where it is new.
  public mutating func index(of name: String) -> Int {
    if let number = numbers[name] { return number }
    numbers[name] = names.count
    names.append(name)
    return names.count - 1
  }
}

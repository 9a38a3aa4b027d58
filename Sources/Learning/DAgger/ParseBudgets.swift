// Label budgets on command lines.

import Foundation
import PlanarCore

/// The label budgets `1000,2000,4000` of a command line.
///
/// - Throws: `UserError` where it is anything but numbers and commas.
public func parseBudgets(_ text: String) throws -> [Int] {
  let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
    Int($0.trimmingCharacters(in: .whitespaces))
  }
  guard numbers.allSatisfy({ $0 != nil }) else {
    throw UserError(
      "--budgets must be whole numbers separated by commas, such as 1000,2000,4000; it is '\(text)'")
  }
  return numbers.map { $0! }
}

// Names of several policies of one command line: each its own.

import Foundation
import PlanarCore

/// The policies' names; folders that are called the same are told apart by those that they lie in.
///
/// - Parameters:
///   - names: the names by themselves.
///   - words: the words of the command line, in the same order.
///   - place: where they stand, for the message.
/// - Throws: `UserError` where two words mean the same.
func namesToldApart(_ names: [String], of words: [String], in place: String) throws -> [String] {
  var result = names
  for (_, same) in Dictionary(grouping: names.indices, by: { names[$0] }) where same.count > 1 {
    let paths = same.map { URL(fileURLWithPath: words[$0]).standardizedFileURL.pathComponents }
    guard Set(paths).count == paths.count else {
      let twice = same.sorted().map { "'\(words[$0])'" }
      throw UserError(
        "\(place) names one driver twice: \(twice.joined(separator: " and ")); leave one of them away")
    }
    let longest = paths.map(\.count).max()!
    let length = (2...longest).first { length in Set(paths.map { $0.suffix(length) }).count == paths.count }!
    for (index, path) in zip(same, paths) { result[index] = path.suffix(length).joined(separator: "/") }
  }
  return result
}

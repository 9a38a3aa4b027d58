// A file of reference cases, and the replay of many cases.

import Foundation
import PlanarCore

/// A reference file: its name, and how its cases are read from its content.
struct ReferenceFile: Sendable {
  var name: String
  /// - Throws: `UserError` or `DecodingError` where the content is not what it should be.
  var cases: @Sendable (Data) throws -> [VerificationCase]

  /// - Throws: `UserError` that names the file and the place in it.
  func read(at url: URL, generator: String) throws -> [VerificationCase] {
    try readingReference(url, generator: generator) {
      let cases = try cases(Data(contentsOf: url))
      guard !cases.isEmpty else { throw ReferenceError("it holds no cases") }
      return cases
    }
  }
}

/// Runs `body`, which reads the reference file `url`; whatever is wrong becomes one sentence.
func readingReference<Result>(
  _ url: URL, generator: String, _ body: () throws -> Result
) throws -> Result {
  guard FileManager.default.fileExists(atPath: url.path) else {
    throw UserError("there is no reference file '\(url.path)'; expected a folder as \(generator) writes it")
  }
  do {
    return try body()
  } catch let error as UserError {
    throw error
  } catch {
    let reason =
      switch error {
      case let error as ReferenceError: error.message
      case let error as DecodingError: error.sentence
      default: error.localizedDescription
      }
    throw UserError(
      "cannot use the reference file '\(url.path)': \(reason); make it again with \(generator)")
  }
}

/// Replays cases, some at a time; the results do not depend on `threads`.
func replay(
  _ cases: [VerificationCase], absent: [String] = [], threads: Int, progress: any ProgressReporter
) throws -> VerificationReport {
  let counter = ReplayCounter(total: cases.count, progress: progress)
  let results = try parallelMap(count: cases.count, threads: threads) { i in
    let result = cases[i].result()
    counter.finished(result.name)
    return result
  }
  return VerificationReport(cases: results, absent: absent)
}

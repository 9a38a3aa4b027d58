// episodes.jsonl and summary.json: sorted keys and no timings, so that equal runs give equal bytes.

import Foundation
import PlanarCore
import PlanarRollouts

/// Writes one line of JSON per episode.
///
/// - Throws: `UserError` where the file cannot be written.
public func writeEpisodes(_ outcomes: [EpisodeOutcome], to url: URL) throws {
  try write(try episodeLines(outcomes), to: url)
}

/// One line of JSON per episode.
func episodeLines(_ outcomes: [EpisodeOutcome]) throws -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  var lines = Data()
  for outcome in outcomes {
    lines += try encoder.encode(outcome)
    lines.append(UInt8(ascii: "\n"))
  }
  return lines
}

/// Reads what `writeEpisodes` wrote.
///
/// - Throws: `UserError` naming file and line.
public func readEpisodes(_ url: URL) throws -> [EpisodeOutcome] {
  guard let data = try? Data(contentsOf: url) else {
    throw UserError("cannot read \(url.path); give the path of an episodes.jsonl")
  }
  let decoder = JSONDecoder()
  return try data.split(separator: UInt8(ascii: "\n")).enumerated().map { number, line in
    guard let outcome = try? decoder.decode(EpisodeOutcome.self, from: line), outcome.isPossible else {
      throw UserError("\(url.path), line \(number + 1): not an episode of an evaluation")
    }
    return outcome
  }
}

extension EpisodeOutcome {
  /// Whether an episode can have had it.
  var isPossible: Bool { index >= 0 && steps >= 0 && (!success || failure == nil) }
}

/// Writes a summary, or any other value, as indented JSON with sorted keys.
///
/// - Throws: `UserError` where the file cannot be written.
public func writeSummary(_ summary: some Encodable, to url: URL) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  try write(try encoder.encode(summary) + Data("\n".utf8), to: url)
}

/// Writes whole or not at all.
func write(_ data: Data, to url: URL) throws { try PartialFile.write(data, to: url) }

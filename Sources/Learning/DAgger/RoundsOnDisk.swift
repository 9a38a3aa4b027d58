// The finished rounds of DAgger in a run's folder, so that a stopped run need not drive them again.

import Foundation
import PlanarCore
import PlanarDatasets
import PlanarPolicyInterface

/// `rounds.jsonl`, a line for each finished round, and a dataset of the episodes that each has added.
///
/// ```
///   rounds/0/ … rounds/1/ …    written before their line stands in rounds.jsonl, which makes them count
/// ```
package struct RoundsOnDisk {
  let folder: URL
  /// What each round's dataset says of itself.
  let info: DatasetInfo

  private static let log = "rounds.jsonl"
  private static let episodes = "rounds"

  private func dataset(_ round: Int) -> URL {
    folder.appendingPathComponent(Self.episodes).appendingPathComponent("\(round)", isDirectory: true)
  }

  /// The rounds that an earlier run has finished; none where it finished none.
  ///
  /// - Throws: `UserError` where `rounds.jsonl` is no list of rounds.
  func finished() throws -> [DAggerRound] { try Self.finished(in: folder) }

  /// The finished rounds of a run's folder.
  ///
  /// - Throws: `UserError` where `rounds.jsonl` is no list of rounds.
  package static func finished(in folder: URL) throws -> [DAggerRound] {
    let url = folder.appendingPathComponent(log)
    guard let data = try? Data(contentsOf: url) else { return [] }
    let decoder = JSONDecoder()
    var labels = 0
    return try data.split(separator: UInt8(ascii: "\n")).enumerated().map { number, line in
      guard let round = try? decoder.decode(DAggerRound.self, from: line), round.round == number,
        round.labels >= labels, round.episodes >= 0, (0...1).contains(round.expertShare),
        (0...1).contains(round.successRate)
      else {
        throw UserError("\(url.path), line \(number + 1): not round \(number) of DAgger; start afresh with --overwrite")
      }
      labels = round.labels
      return round
    }
  }

  /// What a finished round has added.
  ///
  /// - Throws: `UserError` where its dataset is missing or not the one that `rounds.jsonl` tells of.
  func episodes(of rounds: [DAggerRound], round: Int) throws -> [Episode] {
    let episodes = try EpisodeStore(reading: dataset(round)).episodes()
    let labels = rounds[round].labels - (round > 0 ? rounds[round - 1].labels : 0)
    guard episodes.reduce(0, { $0 + $1.labels.count }) == labels else {
      throw UserError(
        "\(dataset(round).path) does not hold the \(labels) labels that \(Self.log) tells of; start afresh with --overwrite"
      )
    }
    return episodes
  }

  /// Keeps a round that was just finished.
  ///
  /// - Parameter rounds: all so far, this one last.
  /// - Throws: `UserError` where the disk refuses.
  func add(_ episodes: [Episode], rounds: [DAggerRound]) throws {
    let dataset = dataset(rounds.count - 1)
    // Left by a run that was killed before the round counted.
    try? FileManager.default.removeItem(at: dataset)
    var writer = try EpisodeStoreWriter(creating: dataset, info: info)
    try writer.append(episodes)
    try writer.finish()
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let lines = try rounds.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }
    try PartialFile.write(Data(lines.joined().utf8), to: folder.appendingPathComponent(Self.log))
  }

  /// Removes the rounds' episodes.
  static func removeEpisodes(from folder: URL) {
    try? FileManager.default.removeItem(at: folder.appendingPathComponent(episodes))
  }
}

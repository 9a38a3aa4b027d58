// What came of an experiment in a sentence, for lists of many.

import Foundation
import PlanarCore
import PlanarEvaluation

/// `verdict.json` of an experiment's folder.
public struct ExperimentVerdict: Codable, Equatable, Sendable {
  /// The experiment's name.
  public var experiment: String
  /// The answer in one sentence.
  public var headline: String
  /// The arguments that it was run with besides folders, such as `["--quick"]`.
  public var arguments: [String]

  /// The file within an experiment's folder.
  static let file = "verdict.json"

  /// What came of an experiment.
  public init(experiment: String, headline: String, arguments: [String]) {
    self.experiment = experiment
    self.headline = headline
    self.arguments = arguments
  }

  /// Reads the verdict of a finished run; nil where the folder holds none.
  ///
  /// - Throws: `UserError` where its file is damaged.
  public init?(reading folder: URL) throws {
    let url = folder.appendingPathComponent(Self.file)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    guard let text = try? settingsText(url, largest: 1 << 20),
      let verdict = try? JSONDecoder().decode(Self.self, from: Data(text.utf8))
    else {
      throw UserError(
        "\(url.relativePath) must hold an experiment's name and headline, and does not; run the experiment again")
    }
    self = verdict
  }

  func write(to folder: URL) throws { try writeSummary(self, to: folder.appendingPathComponent(Self.file)) }
}

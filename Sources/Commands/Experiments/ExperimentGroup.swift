// The folder of all experiments together, as 'planar experiment run --all' writes it.

import Foundation
import PlanarCore
import PlanarExperiments

/// A folder in which each experiment has one of its own.
struct ExperimentGroup {
  /// What marks it: the arguments that each experiment is run with.
  static let file = "experiments.json"

  var folder: URL

  /// The experiments that are not finished.
  var unfinished: [String] {
    experimentRegistry.names.filter {
      !FileManager.default.fileExists(atPath: folder.appendingPathComponent("\($0)/result.json").path)
    }
  }

  /// Takes the marks of finished experiments away, so that what a run before found is not taken for what another one that
  /// was stopped has found.
  ///
  /// - Throws: `UserError` where one cannot be removed.
  func removeVerdicts() throws {
    for name in experimentRegistry.names {
      for file in ["result.json", "verdict.json"] {
        let url = folder.appendingPathComponent("\(name)/\(file)")
        guard FileManager.default.fileExists(atPath: url.path) else { continue }
        do { try FileManager.default.removeItem(at: url) } catch {
          throw UserError("cannot remove \(url.relativePath): \(systemReason(of: error))")
        }
      }
    }
  }
}

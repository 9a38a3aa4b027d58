// planar verify schedulers: noise schedules and flow integrators against diffusers' numbers.

import Foundation
import PlanarCore

/// Replays the cases of a folder's `schedulers.json`, in the layout of `make_nn.py`.
public enum SchedulerVerification {
  /// The reference file's name within the folder.
  public static let fileName = "schedulers.json"

  /// - Throws: `UserError` where the file is missing or malformed.
  public static func cases(in directory: URL) throws -> [VerificationCase] {
    let file = ReferenceFile(name: fileName) { data in
      let file = try decodeReference(SchedulerFile.self, from: data)
      guard (1...100_000).contains(file.trainSteps), file.shape.allSatisfy({ $0 > 0 }) else {
        throw ReferenceError("it has \(file.trainSteps) timesteps and samples of shape \(file.shape)")
      }
      guard file.betaStart > 0, file.betaStart <= file.betaEnd, file.betaEnd < 1 else {
        throw ReferenceError("its β rises from \(file.betaStart) to \(file.betaEnd), not within 0 to 1")
      }
      return try ancestralCases(file) + deterministicCases(file) + flowCases(file.flow)
    }
    return try file.read(at: directory.appendingPathComponent(fileName), generator: "make_nn.py")
  }

  /// Replays all cases of a folder, some at a time; the results do not depend on `threads`.
  ///
  /// - Throws: `UserError` as `cases(in:)`.
  public static func run(
    directory: URL, threads: Int, progress: any ProgressReporter = SilentProgress()
  ) throws -> VerificationReport {
    try replay(cases(in: directory), threads: threads, progress: progress)
  }
}

// planar verify physics: which reference files there are, and the replay of all their cases.

import Foundation
import PlanarCore

/// Replays the reference cases of a folder in the layout of `make_physics.py`.
///
/// Every world has the default `PhysicsSettings` but for step and gravity. A case's tolerance follows from
/// the step, the speeds in the case, and the errors that the file records of other integrators; each file's
/// source tells how.
public enum PhysicsVerification {
  static let files: [ReferenceFile] = [
    ReferenceFile(name: "pendulum.json", cases: pendulumCases),
    ReferenceFile(name: "dynamics_states.json", cases: dynamicsCases),
    ReferenceFile(name: "arm_pd.json", cases: armServoCases(file: "arm_pd")),
    ReferenceFile(name: "arm_motor_lag.json", cases: armServoCases(file: "arm_motor_lag")),
    ReferenceFile(name: "support_friction.json", cases: supportFrictionCases),
    ReferenceFile(name: "collisions.json", cases: collisionCases),
    ReferenceFile(name: "incline_stack.json", cases: inclineCases),
    ReferenceFile(name: "pusher_quasistatic.json", cases: pusherCases),
    ReferenceFile(name: "pusht_constants.json", cases: pushTConstantCases),
    ReferenceFile(name: "pusht_pd_coverage.json", cases: pushTCoverageCases),
    ReferenceFile(name: "pusht_episodes.json", cases: pushTEpisodeCases),
  ]

  /// The names of all reference files.
  public static var fileNames: [String] { files.map(\.name) }

  /// The cases of the files that `directory` holds, and the names of those that it lacks.
  ///
  /// - Throws: `UserError` where there is none of them, or one cannot be read.
  public static func cases(
    in directory: URL
  ) throws -> (cases: [VerificationCase], absent: [String]) {
    var cases: [VerificationCase] = []
    var absent: [String] = []
    for file in files {
      let url = directory.appendingPathComponent(file.name)
      guard FileManager.default.fileExists(atPath: url.path) else {
        absent.append(file.name)
        continue
      }
      cases += try file.read(at: url, generator: "make_physics.py")
    }
    guard absent.count < files.count else {
      throw UserError(
        "there are no reference cases in '\(directory.path)'; expected a folder with files such as \(fileNames[0]), as make_physics.py writes them"
      )
    }
    return (cases, absent)
  }

  /// Replays all cases of a folder, some at a time; the results do not depend on `threads`.
  ///
  /// - Throws: `UserError` as `cases(in:)`.
  public static func run(
    directory: URL, threads: Int, progress: any ProgressReporter = SilentProgress()
  ) throws -> VerificationReport {
    let (cases, absent) = try cases(in: directory)
    return try replay(cases, absent: absent, threads: threads, progress: progress)
  }
}

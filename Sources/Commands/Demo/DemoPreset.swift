// What is worth watching side by side: shipped policies that differ in one thing.

import PlanarCore
import PlanarPolicies
import PlanarRollouts
import PlanarStudio

/// Some policies beside each other, each with a title.
struct DemoPreset {
  /// One policy of it.
  struct Lane {
    /// What stands above its scene.
    var title: String
    /// A shipped checkpoint.
    var policy: String
    /// How its chunks are executed.
    var execution = ChunkExecution.recedingHorizon
  }

  let name: String
  /// What there is to see, without a full stop.
  let explanation: String
  /// One to four.
  let lanes: [Lane]
  /// What is shown of the thinking.
  let views: Set<ThinkingView>

  static let all = [
    DemoPreset(
      name: "shift",
      explanation: "behaviour cloning drifts off what it has seen, DAgger with as many labels comes back",
      lanes: [
        Lane(title: "Cloned", policy: "push-regression-cloned"),
        Lane(title: "DAgger", policy: "push-regression-dagger"),
      ], views: [.ghost]),
    DemoPreset(
      name: "modes",
      explanation: "two ways around an obstacle: regression goes between them, unless it is asked at every step",
      lanes: [
        Lane(title: "Regression", policy: "detour-regression"),
        Lane(title: "Regression, asked every step", policy: "detour-regression", execution: ChunkExecution(horizon: 1)),
        Lane(title: "Diffusion", policy: "detour-diffusion"), Lane(title: "Flow", policy: "detour-flow"),
      ], views: [.fan]),
    DemoPreset(
      name: "delay",
      explanation: "answers come four steps late: the arm waits, the chunks clash, or the policy is told what goes on",
      lanes: [
        Lane(title: "Waits", policy: "push-flow-delayed", execution: ChunkExecution(delay: 4)),
        Lane(
          title: "Naive", policy: "push-flow-delayed", execution: ChunkExecution(delay: 4, switching: .naive)),
        Lane(
          title: "Real-time", policy: "push-flow-delayed", execution: ChunkExecution(delay: 4, switching: .realTime)),
      ], views: [.delay]),
  ]

  /// The environment that its policies were trained for.
  ///
  /// - Throws: `UserError` where the first of them is not there.
  var environment: String {
    get throws {
      guard let folder = Checkpoint.folder(of: lanes[0].policy) else {
        throw UserError("the shipped checkpoint '\(lanes[0].policy)' is missing; build Planar again")
      }
      return try Checkpoint.configuration(of: folder).environment
    }
  }

  /// - Throws: `UserError` with the names where there is none of a name.
  static func named(_ name: String) throws -> DemoPreset {
    guard let preset = all.first(where: { $0.name == name }) else {
      throw UserError("there is no preset '\(name)'; take one of \(all.map(\.name).joined(separator: ", "))")
    }
    return preset
  }

  /// What the help says.
  static var help: String {
    "Shipped policies side by side. " + all.map { "'\($0.name)': \($0.explanation)" }.joined(separator: "; ") + "."
  }
}

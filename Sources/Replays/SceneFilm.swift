// An episode as a page can show it again: what was drawn, frame by frame, in a few bytes.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import PlanarSceneDrawing
import Synchronization

/// The draw lists of an episode, in millimetres. Light, shadows and textures are left out.
public struct SceneFilm: Codable, Equatable, Sendable {
  /// Who drives.
  public var title: String
  /// What was commanded, and how it ended.
  public var caption: String
  /// Left, bottom, width and height of what is shown, mm.
  public var bounds: [Int]
  /// The colour under everything, as CSS has it.
  public var background: String
  /// Frames per second of the episode's own time.
  public var rate: Double
  /// For each frame the items that differ from the frame before, as `<place> <item>`; `<number> =` is how many there are
  /// where that has changed.
  public var frames: [[String]]

  /// Whether a page can show it, wherever it was read from.
  package var isSound: Bool { bounds.count == 4 && bounds[2] > 0 && bounds[3] > 0 && rate > 0 && !frames.isEmpty }

  /// Every so many control steps a frame is kept.
  private static var stride: Int { 2 }

  /// Films the one episode of a plan.
  ///
  /// - Parameter title: who drives.
  /// - Throws: as `rollOut`.
  package init<World: DrawableEnvironment>(_ title: String, of plan: RolloutPlan<World>) throws {
    self = try Self.films(of: plan) { _ in title }[0]
  }

  /// Drives the episodes of a plan once more, to the same bits, and films them.
  ///
  /// Those of a policy share their inferences, so that a few films cost little more than one.
  ///
  /// - Parameters:
  ///   - plan: its seeds are distinct.
  ///   - title: who drives, and in which episode.
  /// - Returns: The films in the order of the plan's seeds; none where it was stopped.
  /// - Throws: as `rollOut`.
  package static func films<World: DrawableEnvironment>(
    of plan: RolloutPlan<World>, stop: StopFlag = StopFlag(), title: (EpisodeOutcome) -> String
  ) throws -> [SceneFilm] {
    guard !plan.seeds.isEmpty else { return [] }
    var plan = plan
    plan.blockSize = plan.driver.policy == nil ? 1 : plan.seeds.count
    let shown = Mutex<[UInt64: (steps: Int, lists: [DrawList])]>([:])
    plan.recording = Recording(
      probe: { world in
        let seed = world.info.seed
        let step = shown.withLock { shown in
          defer { shown[seed, default: (0, [])].steps += 1 }
          return shown[seed]?.steps ?? 0
        }
        if step % stride == 0 { shown.withLock { $0[seed]!.lists.append(world.drawList) } }
        return []
      })
    return try rollOut(plan, stop: stop).map { episode in
      let outcome = episode.outcome
      return SceneFilm(
        title: title(outcome), caption: "\(outcome.info.command) — \(outcome.ending(under: plan.command))",
        rate: 1 / (plan.world.controlPeriod * Double(stride)), lists: shown.withLock { $0[outcome.info.seed]!.lists })
    }
  }

  /// A film of draw lists.
  ///
  /// - Parameters:
  ///   - rate: frames per second.
  ///   - lists: at least one.
  package init(title: String, caption: String, rate: Double, lists: [DrawList]) {
    precondition(!lists.isEmpty, "a film has a frame")
    self.title = title
    self.caption = caption
    self.rate = rate
    let shown = lists[0].bounds
    bounds = [millimetres(shown.min.x), millimetres(shown.min.y), millimetres(shown.width), millimetres(shown.height)]
    background = lists[0].background.color.css
    frames = []
    var before: [String] = []
    for list in lists {
      let items = list.items.map { $0.pageItem() }
      frames.append(before.changes(to: items))
      before = items
    }
  }
}

extension EpisodeOutcome {
  /// How the episode ended, in a few words.
  fileprivate func ending(under command: CommandChoice) -> String {
    if case .unsaid = command { return success ? "the drawn goal reached" : "the drawn goal not reached" }
    return switch failure {
    case nil: "obeyed after \(steps) steps"
    case .outOfTime: "failed: out of time after \(steps) steps"
    case .otherGoal: "failed: another goal pursued"
    case .ruleBroken: "failed: a rule broken after \(steps) steps"
    }
  }
}

private func millimetres(_ value: Double) -> Int { Int((value * 1_000).rounded()) }

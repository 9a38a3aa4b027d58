// Finds out in the background where drivers go.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import Synchronization

/// Rolls drivers out beside a session, each once.
final class Surveyor<World: DrawableEnvironment>: Sendable {
  /// Episodes of every driver.
  static var episodes: Int { 200 }

  private enum Survey: Sendable { case underWay, done(Visits, Familiarity?) }
  private let surveys = Mutex<[String: Survey]>([:])
  private let maps = Mutex<[String: HeatMap]>([:])

  /// Where a driver goes; nil while that is being found out, which begins with the first question.
  ///
  /// - Parameters:
  ///   - key: one for each driver and world.
  ///   - waits: whether to answer only when it is known.
  func visits(
    of key: String, waits: Bool = false, plan: () -> RolloutPlan<World>
  ) -> (visits: Visits, familiarity: Familiarity?)? {
    let known: Survey? = surveys.withLock { surveys in
      defer { if surveys[key] == nil { surveys[key] = .underWay } }
      return surveys[key]
    }
    switch known {
    case .done(let visits, let familiarity): return (visits, familiarity)
    case .underWay: return nil
    case nil: break
    }
    let plan = plan()
    guard !waits else {
      survey(key, plan)
      return visits(of: key) { plan }
    }
    let thread = Thread { [self] in survey(key, plan) }
    thread.stackSize = 16 << 20
    thread.start()
    return nil
  }

  /// A heat map, made once.
  func map(of key: String, make: () -> HeatMap) -> HeatMap {
    maps.withLock { maps in
      let map = maps[key] ?? make()
      maps[key] = map
      return map
    }
  }

  private func survey(_ key: String, _ plan: RolloutPlan<World>) {
    var plan = plan
    plan.recording = Recording(probe: { $0.visitedState + [Float($0.tip.x), Float($0.tip.y)] })
    let runs = (try? rollOut(plan)) ?? []
    let visits = Visits(
      tips: runs.map { run in run.probes.map { Vec2(Double($0[$0.count - 2]), Double($0[$0.count - 1])) } },
      states: runs.map { run in run.probes.map { Array($0.dropLast(2)) } })
    surveys.withLock { $0[key] = .done(visits, Familiarity(visits)) }
  }
}

// Finds out in the background where drivers go.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import Synchronization

/// Rolls drivers out beside a session, one after the other on a thread of its own. Whoever is asked about no more while he
/// drives or waits is left out.
final class Surveyor<World: DrawableEnvironment>: Sendable {
  /// Episodes of every driver.
  static var episodes: Int { 200 }

  /// What is known of a driver.
  enum Survey: Sendable {
    case done(Visits, Familiarity?)
    /// He cannot be rolled out, for this reason.
    case failed(String)
  }

  private struct State: Sendable {
    var known: [String: Survey] = [:]
    /// The keys of what is known, the one that was asked about longest ago first.
    var order: [String] = []
    /// What is to be found out; of drivers the newest ones only.
    var waiting: [(key: String, plan: RolloutPlan<World>)] = []
    var present: (key: String, stop: StopFlag)?
    /// When the present one was asked about last.
    var asked = ContinuousClock.now
  }

  private let state = Mutex(State())
  private let maps = Mutex<[String: HeatMap]>([:])

  private static var mostKnown: Int { 12 }
  private static var mostWaiting: Int { 4 }

  /// What is known of a driver; nil while that is being found out, which begins with the first question.
  ///
  /// - Parameter key: one for each driver and world.
  func survey(of key: String, plan: () -> RolloutPlan<World>) -> Survey? {
    let begins = state.withLock { state -> Bool in
      if state.known[key] != nil {
        state.order.removeAll { $0 == key }
        state.order.append(key)
        return false
      }
      if state.present?.key == key { state.asked = .now }
      guard state.present?.key != key, !state.waiting.contains(where: { $0.key == key }) else { return false }
      state.waiting.append((key, plan()))
      if state.waiting.count > Self.mostWaiting { state.waiting.removeFirst() }
      guard let present = state.present else {
        state.present = ("", StopFlag())
        return true
      }
      if ContinuousClock.now - state.asked > .seconds(1) { present.stop.raise() }
      return false
    }
    if begins {
      let thread = Thread { [self] in work() }
      thread.stackSize = 16 << 20
      thread.start()
    }
    return state.withLock { $0.known[key] }
  }

  /// Until nothing waits.
  private func work() {
    while true {
      let next = state.withLock { state -> (key: String, plan: RolloutPlan<World>, stop: StopFlag)? in
        guard !state.waiting.isEmpty else {
          state.present = nil
          return nil
        }
        let (key, plan) = state.waiting.removeFirst()
        let stop = StopFlag()
        state.present = (key, stop)
        state.asked = .now
        return (key, plan, stop)
      }
      guard let next else { return }
      let survey = Self.survey(next.plan, next.stop)
      guard !next.stop.isRaised else { continue }
      state.withLock { state in
        state.known[next.key] = survey
        state.order.append(next.key)
        while state.order.count > Self.mostKnown { state.known[state.order.removeFirst()] = nil }
      }
    }
  }

  private static func survey(_ plan: RolloutPlan<World>, _ stop: StopFlag) -> Survey {
    var plan = plan
    plan.recording = Recording(probe: { $0.visitedState + [Float($0.tip.x), Float($0.tip.y)] })
    do {
      let runs = try rollOut(plan, stop: stop)
      let visits = Visits(
        tips: runs.map { run in run.probes.map { Vec2(Double($0[$0.count - 2]), Double($0[$0.count - 1])) } },
        states: runs.map { run in run.probes.map { Array($0.dropLast(2)) } })
      return .done(visits, Familiarity(visits))
    } catch {
      return .failed("\(error)")
    }
  }

  /// A heat map, made once; the newest are kept.
  func map(of key: String, make: () -> HeatMap) -> HeatMap {
    maps.withLock { maps in
      if let map = maps[key] { return map }
      if maps.count >= Self.mostKnown { maps.removeAll() }
      let map = make()
      maps[key] = map
      return map
    }
  }
}

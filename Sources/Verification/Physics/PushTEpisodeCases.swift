// pusht_episodes.json: whole episodes of gym-pusht, traces of substeps, and how far the ends are apart.

import PlanarArmEnvironments
import Foundation
import PlanarCore

/// Our PushT follows Chipmunk's order of work, so it is held to more than statistics:
/// - each episode: the pusher to 1e-9 px on top of the file's rounding (10 digits: 5e-10 of the value), at
///   every action; the block to 1e-6 px and 1e-8 rad and the coverage to 1e-8 until the block first touches a
///   wall (the number of contacts is left out: a contact of depth 0 comes and goes with the last bit);
/// - the traces: every substep, to the same;
/// - the ends of all episodes, walls included: median below 1 px and 0.01 rad, 90th percentile below 6 px and
///   0.05 rad;
/// - one action from every recorded row of contact without walls: median below 0.1 px.
@Sendable func pushTEpisodeCases(_ data: Data) throws -> [VerificationCase] {
  let file = try decodeReference(PushTEpisodeFile.self, from: data)
  for episode in file.episodes {
    try requireCount(episode.rows.count, episode.actions.count, "rows", of: episode.name)
  }
  let episodes = file.episodes.map { episode in
    VerificationCase("pusht_episodes/\(episode.name)") { episode.checks() }
  }
  let traces = try file.substepTraces.map { trace in
    guard let episode = file.episodes.first(where: { $0.name == trace.episode }) else {
      throw ReferenceError("a trace is of '\(trace.episode)', which is not among the episodes")
    }
    let last = trace.firstActionIndex + trace.nActions
    guard trace.firstActionIndex >= 0, trace.nActions > 0, last <= episode.actions.count else {
      throw ReferenceError("the trace of '\(trace.episode)' leaves its episode")
    }
    try requireCount(
      trace.rows.count, trace.nActions * PushTConstants.substepsPerAction, "substeps",
      of: "trace of \(trace.episode)")
    return VerificationCase("pusht_episodes/trace_\(trace.episode)") { trace.checks(episode) }
  }
  return episodes + traces + [
    VerificationCase("pusht_episodes/ends") { endChecks(file.episodes) },
    VerificationCase("pusht_episodes/one_action_prediction") { [predictionCheck(file.episodes)] },
  ]
}

private struct PushTEpisodeFile: Decodable {
  struct Start: Decodable {
    var pusher: Row<Four>
    var block, blockVelocity: Row<Three>
  }
  struct Episode: Decodable {
    var name: String
    var requestedState: Row<Five>
    var start: Start
    var actions: [Row<Two>]
    /// Pusher x, y, vx, vy; block x, y, angle, vx, vy, omega; coverage, reward, success, contacts.
    var rows: [Row<Fourteen>]
    var firstWallAction: Int?
  }
  struct Trace: Decodable {
    var episode: String
    var firstActionIndex, nActions: Int
    /// Pusher x, y, vx, vy; block x, y, angle, vx, vy, omega; contacts.
    var rows: [Row<Eleven>]
  }
  var episodes: [Episode]
  var substepTraces: [Trace]
}

/// Greatest differences from recorded rows.
private struct PushTErrors {
  /// Beyond what the file's rounding explains, px and px/s.
  var pusher = 0.0
  var position = 0.0
  var angle = 0.0

  mutating func comparePusher(_ simulation: PushTSimulation, _ values: [Double]) {
    let ours = [
      simulation.pusher.x, simulation.pusher.y, simulation.pusherVelocity.x,
      simulation.pusherVelocity.y,
    ]
    for (own, value) in zip(ours, values) {
      pusher = max(pusher, abs(own - value) - 5e-10 * abs(value))
    }
  }

  mutating func compareBlock(_ simulation: PushTSimulation, _ expected: Vec2, _ turn: Double) {
    position = max(position, (simulation.blockPosition - expected).length)
    angle = max(angle, abs(simulation.blockAngle - turn))
  }

  var checks: [VerificationCheck] {
    [
      VerificationCheck("pusher, px and px/s", error: pusher, tolerance: 1e-9),
      VerificationCheck("block before walls, px", error: position, tolerance: 1e-6),
      VerificationCheck("block before walls, rad", error: angle, tolerance: 1e-8),
    ]
  }
}

extension PushTEpisodeFile.Episode {
  fileprivate var beginning: PushTSimulation {
    PushTSimulation(
      start: PushTStart(
        pusher: requestedState.vector(at: 0), block: requestedState.vector(at: 2),
        angle: requestedState[4]))
  }

  /// Plays the episode; `body` sees the simulation after each action.
  fileprivate func play(_ body: (Int, PushTSimulation) -> Void) {
    var simulation = beginning
    for (k, action) in actions.enumerated() {
      simulation.act(target: action.vector)
      body(k, simulation)
    }
  }

  fileprivate func checks() -> [VerificationCheck] {
    var errors = PushTErrors()
    errors.comparePusher(beginning, (0..<4).map { start.pusher[$0] })
    errors.compareBlock(beginning, start.block.vector(at: 0), start.block[2])
    var coverageError = 0.0
    play { k, simulation in
      let row = rows[k]
      errors.comparePusher(simulation, (0..<4).map { row[$0] })
      guard k < firstWallAction ?? .max else { return }
      errors.compareBlock(simulation, row.vector(at: 4), row[6])
      let coverage = simulation.coverage
      coverageError = max(
        coverageError, abs(coverage - row[10]),
        abs(min(1, coverage / PushTConstants.successCoverage) - row[11]))
    }
    return errors.checks + [
      VerificationCheck("coverage before walls", error: coverageError, tolerance: 1e-8)
    ]
  }
}

extension PushTEpisodeFile.Trace {
  fileprivate func checks(_ episode: PushTEpisodeFile.Episode) -> [VerificationCheck] {
    var simulation = episode.beginning
    for action in episode.actions[..<firstActionIndex] { simulation.act(target: action.vector) }
    var errors = PushTErrors()
    for (i, row) in rows.enumerated() {
      let k = firstActionIndex + i / PushTConstants.substepsPerAction
      simulation.substep(target: episode.actions[k].vector)
      errors.comparePusher(simulation, (0..<4).map { row[$0] })
      guard k < episode.firstWallAction ?? .max else { continue }
      errors.compareBlock(simulation, row.vector(at: 4), row[6])
    }
    return errors.checks
  }
}

private func endChecks(_ episodes: [PushTEpisodeFile.Episode]) -> [VerificationCheck] {
  var distances: [Double] = []
  var angles: [Double] = []
  for episode in episodes {
    episode.play { k, simulation in
      guard k == episode.rows.count - 1 else { return }
      distances.append((simulation.blockPosition - episode.rows[k].vector(at: 4)).length)
      angles.append(abs(simulation.blockAngle - episode.rows[k][6]))
    }
  }
  return [
    VerificationCheck("median, px", error: quantile(0.5, of: distances), tolerance: 1),
    VerificationCheck("median, rad", error: quantile(0.5, of: angles), tolerance: 0.01),
    VerificationCheck("90th percentile, px", error: quantile(0.9, of: distances), tolerance: 6),
    VerificationCheck("90th percentile, rad", error: quantile(0.9, of: angles), tolerance: 0.05),
  ]
}

private func predictionCheck(_ episodes: [PushTEpisodeFile.Episode]) -> VerificationCheck {
  var distances: [Double] = []
  for episode in episodes where episode.firstWallAction == nil {
    for k in 1..<max(1, episode.rows.count) where episode.rows[k][13] > 0 {
      let row = episode.rows[k - 1]
      var simulation = PushTSimulation(
        pusher: row.vector(at: 0), pusherVelocity: row.vector(at: 2),
        blockPosition: row.vector(at: 4), blockAngle: row[6], blockVelocity: row.vector(at: 7),
        blockSpin: row[9])
      simulation.act(target: episode.actions[k].vector)
      distances.append((simulation.blockPosition - episode.rows[k].vector(at: 4)).length)
    }
  }
  return VerificationCheck(
    "median of one action, px", error: quantile(0.5, of: distances), tolerance: 0.1)
}

/// The value that a share of the others lies below; 0 of nothing.
private func quantile(_ share: Double, of values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return 0 }
  let rank = share * Double(sorted.count - 1)
  let below = Int(rank)
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (sorted[above] - sorted[below]) * (rank - Double(below))
}

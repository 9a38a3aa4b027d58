// How action chunks are executed, and how long a policy is supposed to think: a plain value.

import PlanarCore
import PlanarPolicyInterface

/// How the chunks of a policy become actions, under a simulated inference delay.
///
/// A chunk is H steps long (the prediction horizon Tp), s of them are executed before the policy is asked again (the
/// execution horizon Ta), and an answer arrives d control steps after the question (`delay`). `ChunkExecutor` has the
/// timing diagrams.
public struct ChunkExecution: Codable, Hashable, Sendable {
  /// Control steps from one question to the next, s; nil for the policy's own, or 1 under temporal ensembling.
  public var horizon: Int?
  /// m of temporal ensembling (Zhao et al. 2023, arXiv 2304.13705): the policy is asked every step, and what is
  /// executed is the mean of all chunks that cover the step, weighted by exp(−m·i), i = 0 being the oldest. Small m
  /// lets new chunks count sooner, m below 0 lets them count most. Nil for receding horizon, where each chunk replaces
  /// the last. Means of chunks that were planned from different states lag behind, with small m by most.
  public var ensembling: Double?
  /// Control steps that the policy thinks, d. The first chunk of an episode is there at once, as if the clock
  /// started with it.
  public var delay: Int
  /// What happens meanwhile.
  public var switching: Switching

  /// What the arm does while the policy thinks, and how the new chunk takes over.
  public enum Switching: String, Codable, Hashable, Sendable, CaseIterable {
    /// The arm is held still until the answer is there.
    case wait
    /// The old chunk goes on; once the answer is there, it takes over at the step that is due by then. Where actions are
    /// moves, the first d of the new chunk, with the corrections it began with, are lost.
    case naive
    /// As `naive`, and the policy is told what of the old chunk goes on, so that it continues it: real-time chunking
    /// (Black et al. 2025, arXiv 2506.07339).
    case realTime = "real-time"
  }

  /// By default the checkpoint's own horizon, and answers without delay.
  public init(
    horizon: Int? = nil, ensembling: Double? = nil, delay: Int = 0, switching: Switching = .wait
  ) {
    self.horizon = horizon
    self.ensembling = ensembling
    self.delay = delay
    self.switching = switching
  }

  /// The first steps of each chunk are executed, then the next one is there.
  public static let recedingHorizon = ChunkExecution()

  /// The mean of all chunks that cover a step.
  ///
  /// - Parameter delay: a chunk takes part from so many steps after its question on.
  public static func temporalEnsembling(m: Double = 0.01, delay: Int = 0) -> ChunkExecution {
    ChunkExecution(ensembling: m, delay: delay, switching: .naive)
  }

  enum CodingKeys: String, CodingKey {
    case horizon, delay, switching
    case ensembling = "temporal_ensembling"
  }
}

extension ChunkExecution {
  /// The same with the horizon that is in force where chunks are made by these horizons.
  public func resolved(for horizons: Horizons) -> ChunkExecution {
    var resolved = self
    resolved.horizon = horizon ?? (ensembling == nil ? horizons.execution : 1)
    return resolved
  }

  /// How often a policy is asked in an episode of so many control steps; the horizon is resolved.
  ///
  /// Where the robot waits for the answer, it is held for `delay` steps from the second question on.
  package func questions(in steps: Int) -> Int {
    let (first, period) = (horizon!, horizon! + (switching == .wait ? delay : 0))
    return steps == 0 ? 0 : 1 + max(0, steps - first + period - 1) / period
  }

  /// Checks that a policy's chunks can be executed so.
  ///
  /// - Throws: `UserError` where a number is out of range, or the policy cannot continue a chunk that it should.
  public func validate(for policy: any Policy) throws {
    let most = policy.horizons.prediction
    let steps = resolved(for: policy.horizons).horizon!
    guard 1...most ~= steps else {
      throw UserError(
        "the execution horizon must be between 1 and \(most), the prediction horizon of policy '\(policy.name)'; it is \(steps)"
      )
    }
    guard delay >= 0 else {
      throw UserError("the delay must be at least 0 control steps; it is \(delay)")
    }
    if switching == .realTime, !policy.continuesChunks {
      throw UserError(
        "policy '\(policy.name)' cannot continue a chunk, which real-time chunking needs; take a policy with a flow or diffusion head, or switch naively or by waiting"
      )
    }
    if let ensembling {
      try validateEnsembling(m: ensembling, steps: steps)
    }
    if switching != .wait { try validateOverlap(of: policy, steps: steps) }
  }

  private func validateEnsembling(m: Double, steps: Int) throws {
    guard m.isFinite else {
      throw UserError("temporal ensembling's m must be a number, such as 0.01; it is \(m)")
    }
    guard steps == 1 else {
      throw UserError(
        "temporal ensembling asks the policy every step; leave the execution horizon out, it is \(steps)")
    }
    guard switching != .realTime else {
      throw UserError(
        "temporal ensembling averages chunks and real-time chunking continues them; take one of the two")
    }
    guard delay == 0 || switching != .wait else {
      throw UserError(
        "temporal ensembling goes on while the policy thinks and cannot wait; with a delay, switch naively")
    }
  }

  /// While an answer is computed, the chunk before it must last; and one answer is there before the next is asked for.
  private func validateOverlap(of policy: any Policy, steps: Int) throws {
    let most = policy.horizons.prediction
    if ensembling != nil {
      guard delay < most else {
        throw UserError(
          "the chunks of policy '\(policy.name)' last \(most) control steps and would be over before they arrive, \(delay) steps late; take a delay of at most \(most - 1)"
        )
      }
      return
    }
    guard 2 * delay <= most else {
      throw UserError(
        "a delay of \(delay) control steps is too long for policy '\(policy.name)', whose chunks last \(most): the old one must go on while the new one is computed; switch by waiting, or take a delay of at most \(most / 2)"
      )
    }
    guard delay <= steps else {
      throw UserError(
        "an execution horizon of \(steps) asks again before the last answer is there, \(delay) control steps late; execute \(delay) to \(most - delay) steps of each chunk"
      )
    }
    guard steps + delay <= most else {
      throw UserError(
        "\(steps) executed steps and a delay of \(delay) need chunks of \(steps + delay) control steps, and those of policy '\(policy.name)' last \(most); execute \(max(1, delay)) to \(most - delay) steps of each chunk"
      )
    }
  }
}

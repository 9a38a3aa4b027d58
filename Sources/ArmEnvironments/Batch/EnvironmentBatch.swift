// Many environments stepped together, for learning methods that want a batch of transitions at a time.

import PlanarCore
import PlanarPolicyInterface

/// Environments of one kind in one process, with outputs in flat arrays that are used again at every step.
///
/// Ended episodes are begun again as Gymnasium's vector environments do by default (next-step autoreset): the step that
/// ends an episode returns its last observation; the next step ignores that environment's action, resets it, and
/// returns the first observation of the new episode with a reward of 0:
///
/// ```
///   call           reset   step    step    step    step
///   observation    o0      o1      o2 end  o0'     o1'
///   reward                 r1      r2      0       r1'
/// ```
///
/// Environment `i` plays the episodes of seeds first + i, first + i + count, first + i + 2·count …. What it does is
/// the same for any number of threads, and the same as with an `ArmEnvironment` by itself.
public final class EnvironmentBatch {
  /// What becomes of ended episodes.
  public enum Autoreset: Sendable {
    /// A new one begins at the next step.
    case nextStep
    /// They go on until `reset(_:seed:)`.
    case disabled
  }

  /// What every environment offers.
  public let features: FeatureSet
  /// When an environment whose episode has ended begins the next.
  public let autoreset: Autoreset
  /// How many threads step; results do not depend on it.
  public let threads: Int
  /// How many environments there are.
  public let count: Int
  /// `[batch]`; to look at, or to ask an expert about.
  public private(set) var environments: [ArmEnvironment]
  /// What is observed, a row for each environment: `observations.floats("observation.state")` is
  /// `[batch, proprioception]`.
  public private(set) var observations: ObservationBatch
  /// `[batch]`; where the last step has led.
  public private(set) var outcomes: [Outcome]

  /// Where a step has led in one environment.
  public struct Outcome: Equatable, Sendable {
    /// Of the step.
    public var reward: Float = 0
    /// The task is over by its own rules, well or badly.
    public var terminated = false
    /// The time limit ended the episode.
    public var truncated = false
    /// The command has been obeyed.
    public var succeeded = false
    /// Whether the observation is the first of an episode.
    public var began = false
  }

  private var seeds: [UInt64]
  private let loop: ParallelLoop<Work>
  /// Environments that one unit of work steps.
  private let share: Int

  /// Environments like `world`, all reset.
  ///
  /// - Throws: `UserError` where an episode cannot be drawn.
  public init(
    _ world: ArmEnvironment, count: Int, firstSeed: UInt64 = 0, threads: Int = 1,
    autoreset: Autoreset = .nextStep
  ) throws {
    precondition(count > 0 && threads > 0, "a batch has environments and threads")
    features = world.features
    self.autoreset = autoreset
    self.threads = threads
    self.count = count
    environments = Array(repeating: world, count: count)
    observations = ObservationBatch(rows: count, features: features)
    outcomes = Array(repeating: Outcome(), count: count)
    seeds = Array(repeating: 0, count: count)
    share = max(1, min(16, count / (4 * threads)))
    loop = ParallelLoop { work, unit in work.perform(unit) }
    try reset(firstSeed: firstSeed)
  }

  /// The command of each episode, `[batch]`.
  public var commands: [String] { environments.map(\.info.command) }

  /// Starts an episode in every environment; environment `i` has seed `firstSeed + i`.
  ///
  /// - Throws: `UserError` where an episode cannot be drawn.
  public func reset(firstSeed: UInt64) throws {
    for i in 0..<count { seeds[i] = firstSeed + UInt64(i) }
    run(actions: nil)
    try requireBegun()
  }

  /// Starts an episode in one environment; the others stay where they are.
  ///
  /// - Throws: `UserError` where the episode cannot be drawn.
  public func reset(_ index: Int, seed: UInt64) throws {
    seeds[index] = seed
    try withWork(actions: nil) { try $0.reset(index) }
  }

  /// Steps every environment.
  ///
  /// - Parameter actions: `[batch, action]`, clamped to [−1, 1].
  /// - Throws: `UserError` where a new episode cannot be drawn.
  public func step(_ actions: [Float]) throws {
    precondition(actions.count == count * features.action.count, "actions are [batch, action]")
    actions.withUnsafeBufferPointer { run(actions: $0.baseAddress) }
    try requireBegun()
  }

  private func run(actions: UnsafePointer<Float>?) {
    withWork(actions: actions) { loop.run($0, count: (count + share - 1) / share, threads: threads) }
  }

  /// A reset that failed has left its environment where it was; doing it again tells why.
  private func requireBegun() throws {
    guard let failed = outcomes.firstIndex(where: { $0.terminated && $0.truncated }) else { return }
    _ = try environments[failed].reset(seed: seeds[failed], command: .drawn)
  }

  private func withWork<Result>(
    actions: UnsafePointer<Float>?, _ body: (Work) throws -> Result
  ) rethrows -> Result {
    let (count, share, doesReset) = (count, share, autoreset == .nextStep)
    let actionWidth = features.action.count
    return try observations.withMutableRows { observations in
      try environments.withUnsafeMutableBufferPointer { environments in
        try outcomes.withUnsafeMutableBufferPointer { outcomes in
          try seeds.withUnsafeMutableBufferPointer { seeds in
            try body(
              Work(
                count: count, share: share, doesReset: doesReset, actionWidth: actionWidth, actions: actions,
                environments: environments, observations: observations, outcomes: outcomes, seeds: seeds))
          }
        }
      }
    }
  }
}

/// One call's pointers into the batch.
// Sendable because it lives for one loop, in which every unit writes only what belongs to its own environments.
private struct Work: @unchecked Sendable {
  let count: Int
  let share: Int
  let doesReset: Bool
  let actionWidth: Int
  /// nil to reset.
  let actions: UnsafePointer<Float>?
  let environments: UnsafeMutableBufferPointer<ArmEnvironment>
  let observations: MutableObservedRows
  let outcomes: UnsafeMutableBufferPointer<EnvironmentBatch.Outcome>
  let seeds: UnsafeMutableBufferPointer<UInt64>

  func perform(_ unit: Int) {
    for index in unit * share..<min(count, (unit + 1) * share) {
      guard let actions else {
        tryReset(index)
        continue
      }
      if doesReset, outcomes[index].terminated || outcomes[index].truncated {
        seeds[index] += UInt64(count)
        tryReset(index)
      } else {
        step(index, actions + index * actionWidth)
      }
    }
  }

  private func step(_ index: Int, _ action: UnsafePointer<Float>) {
    var numbers = SIMD4<Float>.zero
    for i in 0..<actionWidth { numbers[i] = action[i] }
    let outcome = environments[index].proceed(numbers)
    outcomes[index] = EnvironmentBatch.Outcome(
      reward: Float(outcome.judgement.reward), terminated: outcome.isOver, truncated: outcome.isTruncated,
      succeeded: outcome.judgement.succeeded)
    environments[index].observe(to: observations, row: index)
  }

  func reset(_ index: Int) throws {
    try environments[index].begin(seed: seeds[index], command: .drawn)
    outcomes[index] = EnvironmentBatch.Outcome(began: true)
    environments[index].observe(to: observations, row: index)
  }

  /// A failure is marked by what no step returns: terminated and truncated.
  private func tryReset(_ index: Int) {
    do { try reset(index) } catch {
      outcomes[index].terminated = true
      outcomes[index].truncated = true
    }
  }
}

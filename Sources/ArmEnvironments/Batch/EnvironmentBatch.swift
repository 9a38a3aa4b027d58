// Many environments stepped together, for learning methods that want a batch of transitions at a time.

import PlanarCore
import PlanarPolicyInterface

/// Environments of one kind in one process, with outputs in flat arrays that are used again at every step.
///
/// Ended episodes are begun anew as Gymnasium's vector environments do by default (next-step autoreset): the step that
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

  public let features: FeatureSet
  public let autoreset: Autoreset
  public let threads: Int
  /// How many environments there are.
  public let count: Int
  /// `[batch]`; to look at, or to ask an expert about.
  public private(set) var environments: [ArmEnvironment]
  /// `[batch, proprioception]`
  public private(set) var proprioception: [Float]
  /// `[batch, objects, features]`
  public private(set) var objects: [Float]
  /// `[batch, height, width, 3]`; empty without a camera.
  public private(set) var images: [UInt8]
  /// `[batch, touch]`; empty where it is not observed.
  public private(set) var touch: [Float]
  /// `[batch]`, as are the following.
  public private(set) var rewards: [Float]
  public private(set) var terminated: [Bool]
  public private(set) var truncated: [Bool]
  public private(set) var succeeded: [Bool]
  /// Whether the observation is the first of an episode.
  public private(set) var began: [Bool]

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
    proprioception = Array(repeating: 0, count: count * features.proprioception.count)
    objects = Array(repeating: 0, count: count * features.objects.count)
    images = Array(repeating: 0, count: count * (features.image?.count ?? 0))
    touch = Array(repeating: 0, count: count * (features.touch?.count ?? 0))
    rewards = Array(repeating: 0, count: count)
    terminated = Array(repeating: false, count: count)
    truncated = terminated
    succeeded = terminated
    began = terminated
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
    guard let failed = terminated.indices.first(where: { terminated[$0] && truncated[$0] }) else { return }
    _ = try environments[failed].reset(seed: seeds[failed], command: .drawn)
  }

  private func withWork<Result>(
    actions: UnsafePointer<Float>?, _ body: (Work) throws -> Result
  ) rethrows -> Result {
    let (count, share, doesReset) = (count, share, autoreset == .nextStep)
    let sizes = (
      features.proprioception.count, features.objects.count, features.image?.count ?? 0, features.touch?.count ?? 0,
      features.action.count
    )
    return try environments.withUnsafeMutableBufferPointer { environments in
      try proprioception.withUnsafeMutableBufferPointer { proprioception in
        try objects.withUnsafeMutableBufferPointer { objects in
          try images.withUnsafeMutableBufferPointer { images in
            try touch.withUnsafeMutableBufferPointer { touch in
              try rewards.withUnsafeMutableBufferPointer { rewards in
                try terminated.withUnsafeMutableBufferPointer { terminated in
                  try truncated.withUnsafeMutableBufferPointer { truncated in
                    try succeeded.withUnsafeMutableBufferPointer { succeeded in
                      try began.withUnsafeMutableBufferPointer { began in
                        try seeds.withUnsafeMutableBufferPointer { seeds in
                          try body(
                            Work(
                              count: count, share: share, doesReset: doesReset, sizes: sizes, actions: actions,
                              environments: environments, proprioception: proprioception, objects: objects,
                              images: images, touch: touch, rewards: rewards, terminated: terminated,
                              truncated: truncated, succeeded: succeeded, began: began, seeds: seeds))
                        }
                      }
                    }
                  }
                }
              }
            }
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
  let sizes: (proprioception: Int, objects: Int, image: Int, touch: Int, action: Int)
  /// nil to reset.
  let actions: UnsafePointer<Float>?
  let environments: UnsafeMutableBufferPointer<ArmEnvironment>
  let proprioception: UnsafeMutableBufferPointer<Float>
  let objects: UnsafeMutableBufferPointer<Float>
  let images: UnsafeMutableBufferPointer<UInt8>
  let touch: UnsafeMutableBufferPointer<Float>
  let rewards: UnsafeMutableBufferPointer<Float>
  let terminated: UnsafeMutableBufferPointer<Bool>
  let truncated: UnsafeMutableBufferPointer<Bool>
  let succeeded: UnsafeMutableBufferPointer<Bool>
  let began: UnsafeMutableBufferPointer<Bool>
  let seeds: UnsafeMutableBufferPointer<UInt64>

  func perform(_ unit: Int) {
    for index in unit * share..<min(count, (unit + 1) * share) {
      guard let actions else {
        tryReset(index)
        continue
      }
      if doesReset, terminated[index] || truncated[index] {
        seeds[index] += UInt64(count)
        tryReset(index)
      } else {
        step(index, actions + index * sizes.action)
      }
    }
  }

  private func step(_ index: Int, _ action: UnsafePointer<Float>) {
    var numbers = SIMD4<Float>.zero
    for i in 0..<sizes.action { numbers[i] = action[i] }
    let outcome = environments[index].proceed(numbers)
    rewards[index] = Float(outcome.judgement.reward)
    terminated[index] = outcome.isOver
    truncated[index] = outcome.isTruncated
    succeeded[index] = outcome.judgement.succeeded
    began[index] = false
    observe(index)
  }

  func reset(_ index: Int) throws {
    try environments[index].begin(seed: seeds[index], command: .drawn)
    rewards[index] = 0
    terminated[index] = false
    truncated[index] = false
    succeeded[index] = false
    began[index] = true
    observe(index)
  }

  /// A failure is marked by what no step returns: terminated and truncated.
  private func tryReset(_ index: Int) {
    do { try reset(index) } catch {
      terminated[index] = true
      truncated[index] = true
    }
  }

  private func observe(_ index: Int) {
    func slice<Element>(_ all: UnsafeMutableBufferPointer<Element>, _ size: Int) -> UnsafeMutableBufferPointer<Element>
    {
      UnsafeMutableBufferPointer(rebasing: all[index * size..<(index + 1) * size])
    }
    environments[index].writeObservation(
      proprioception: slice(proprioception, sizes.proprioception), objects: slice(objects, sizes.objects),
      image: slice(images, sizes.image), touch: slice(touch, sizes.touch))
  }
}

// Collecting labels: roll somebody out from training seeds until the expert has labelled enough states.

import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts

/// How labels are collected. A value, saved beside what was made with it.
public struct CollectionPlan<World: Environment>: Sendable {
  /// The environment; every episode works on a copy.
  public var world: World
  /// Who labels.
  public var expert: any Expert<World>
  /// Who drives, unless another driver is given.
  public var driver: Driver<World>
  /// Episode `i` has seed `firstSeed + i`; must be a training seed.
  public var firstSeed: UInt64
  /// Disturbs executed actions; labels stay clean.
  public var actionNoise: ActionNoise?
  /// Changes the world before each step; nil leaves it alone.
  public var perturbation: Perturbation<World>?
  /// Which states are labelled.
  public var labels: LabelSchedule
  /// Whether labels are kept only of chunks that the expert drove, as where a person is asked only when taking over
  /// (HG-DAgger, Kelly et al. 2019).
  public var labelsTakeoversOnly = false
  /// Steps in a label, Tp.
  public var labelHorizon: Int
  /// How many threads drive; the episodes do not depend on it.
  public var threads: Int
  /// Episodes that a thread drives at once: what is lost of each thread where collecting is stopped. Results of
  /// policies, though not of experts, depend on it.
  public var blockSize: Int

  /// - Parameter driver: nil for the expert.
  public init(
    world: World, expert: any Expert<World>, driver: Driver<World>? = nil,
    firstSeed: UInt64 = SeedRanges.firstTraining,
    actionNoise: ActionNoise? = nil, perturbation: Perturbation<World>? = nil,
    labels: LabelSchedule = .everyFrames(1), labelHorizon: Int = 16, threads: Int = 1,
    blockSize: Int = 32
  ) {
    self.world = world
    self.expert = expert
    self.driver = driver ?? .expert(expert)
    self.firstSeed = firstSeed
    self.actionNoise = actionNoise
    self.perturbation = perturbation
    self.labels = labels
    self.labelHorizon = labelHorizon
    self.threads = threads
    self.blockSize = blockSize
  }

  fileprivate var recording: Recording<World> {
    Recording(
      keepsFrames: true, labeller: expert, labels: labels, labelHorizon: labelHorizon)
  }

  /// Runs `count` episodes from `firstSeed + offset` on and returns them with their labels.
  ///
  /// - Parameters:
  ///   - driver: who drives; nil for the plan's own.
  ///   - executionHorizon: of a driving policy; nil for its own.
  /// - Throws: `UserError` where the seeds are reserved or the policy does not fit.
  public func episodes(
    _ count: Int, offset: Int = 0, driver: Driver<World>? = nil, executionHorizon: Int? = nil,
    progress: any ProgressReporter = SilentProgress(), stop: StopFlag = StopFlag()
  ) throws -> [Episode] {
    try SeedRanges.requireTraining(firstSeed: firstSeed)
    let start = firstSeed + UInt64(offset)
    let plan = RolloutPlan(
      world: world, seeds: Array(start..<start + UInt64(count)), driver: driver ?? self.driver,
      executionHorizon: executionHorizon, actionNoise: actionNoise, perturbation: perturbation,
      recording: recording, threads: threads, blockSize: blockSize)
    let episodes = try rollOut(plan, progress: progress, stop: stop).compactMap(\.episode)
    return labelsTakeoversOnly ? episodes.map(\.labelledWhereTheExpertDrove) : episodes
  }

  /// Runs episodes until they hold at least `labelCount` labels, in groups of `group` so that the result does
  /// not depend on the number of threads.
  ///
  /// - Throws: `UserError` as for a given number of episodes, and where thousands of them hold not a single label.
  public func episodes(
    holdingLabels labelCount: Int, offset: Int = 0, driver: Driver<World>? = nil,
    executionHorizon: Int? = nil, group: Int = 32,
    progress: any ProgressReporter = SilentProgress(), stop: StopFlag = StopFlag()
  ) throws -> [Episode] {
    precondition(self.labels != .none, "a plan without a label schedule never reaches a number of labels")
    var all: [Episode] = []
    var labels = 0
    while labels < labelCount, !stop.isRaised {
      let fresh = try episodes(
        group, offset: offset + all.count, driver: driver, executionHorizon: executionHorizon,
        stop: stop)
      all += fresh
      labels += fresh.reduce(0) { $0 + $1.labels.count }
      progress.report(stage: "collecting labels", done: min(labels, labelCount), total: labelCount, note: "")
      guard labels > 0 || all.count < 3_200 || stop.isRaised else {
        throw UserError(
          "\(all.count) episodes hold no label, because the expert never took over; let it take over more often, as with a higher method.options.share"
        )
      }
    }
    return all
  }
}

extension Episode {
  /// The same with the labels of the chunks that an expert drove.
  fileprivate var labelledWhereTheExpertDrove: Episode {
    var episode = self
    let kept = labelFrames.indices.filter { drivers[labelFrames[$0]] == DriverName.expert.description }
    episode.labelFrames = kept.map { labelFrames[$0] }
    episode.labels = kept.map { labels[$0] }
    return episode
  }
}

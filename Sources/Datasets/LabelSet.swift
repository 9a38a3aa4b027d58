// What learning trains on: a flat table of labelled windows.

import PlanarCore
import PlanarPolicyInterface

/// All labelled windows of some episodes: histories `[To]`, commands, and chunks `[Tp, action]`.
///
/// Each frame that a window needs is stored once; a window is a label's chunk and To frame numbers:
///
/// ```
///   frames   f0 f1 f2 f3 f4 …      proprioception [P], objects [N·F], touch [T], image [H, W, 3]
///   label    (f0 f0 | chunk), (f2 f3 | chunk) …
/// ```
///
/// Touch and pictures are kept where `features` has them; a set made without them ignores those of episodes. Of a
/// window's pictures only the newest `pictures` are kept.
///
/// Episodes of several robots may be in one set: `features` then names all robots and holds every element that one of
/// them tells (`FeatureSet.joining`), and elements that a robot has not are zero.
/// Appending keeps the numbers of labels, episodes and commands: DAgger aggregates by appending.
public struct LabelSet: Sendable {
  public let features: FeatureSet
  public let horizons: Horizons
  /// How many of a window's pictures are kept, the newest last.
  public let pictures: Int
  /// By how many frames a window may lie before its label, for training with inference delays; see `fill`.
  public let largestDelay: Int
  /// Distinct commands, by the numbers that `fill` gives.
  public var commands: [String] { commandTable.names }
  /// Labelled windows.
  public private(set) var count = 0
  /// Episodes appended, with or without labels.
  public private(set) var episodeCount = 0

  private var commandTable = NameTable()
  // Frames.
  private var frameCount = 0
  private var proprioception: [Float] = []
  private var objects: [Float] = []
  private var touch: [Float] = []
  /// One array a frame, shared with the episode it came from; empty where no label looks at the frame's picture.
  private var images: [[UInt8]] = []
  // Labels.
  private var windowFrames: [Int32] = []
  private var chunks: [Float] = []
  private var labelCommands: [Int32] = []
  private var labelEpisodes: [Int32] = []
  /// Of each label, into `features.robots`.
  private var labelRobots: [Int32] = []
  // Where windows may lie earlier: of each frame the action that was executed, of each label its episode's first frame.
  private var executed: [Float] = []
  private var labelStarts: [Int32] = []

  /// An empty set.
  ///
  /// - Parameters:
  ///   - horizons: windows have `observation` frames, chunks `prediction` steps.
  ///   - pictures: how many of a window's pictures are kept; nil for all.
  ///   - largestDelay: by how many frames a window may lie before its label.
  public init(features: FeatureSet, horizons: Horizons, pictures: Int? = nil, largestDelay: Int = 0) {
    precondition(
      largestDelay >= 0 && largestDelay < horizons.prediction, "something of a chunk follows a delay")
    self.largestDelay = largestDelay
    precondition(
      (0...horizons.observation).contains(pictures ?? 0), "a window has no more pictures than frames")
    self.pictures = features.image == nil ? 0 : pictures ?? horizons.observation
    self.features = features
    self.horizons = horizons
  }

  /// Adds the labels of episodes. A label longer than the prediction horizon is cut to it.
  ///
  /// - Parameter source: what the episodes' observations hold, where the set holds several robots'; nil: what the set
  ///   holds.
  /// - Throws: `UserError` where a label is shorter than the prediction horizon, shapes differ, or a robot is not one of
  ///   the set's.
  public mutating func append(_ episodes: [Episode], of source: FeatureSet? = nil) throws {
    let places: [Int]
    var robot = 0
    if let source, !features.robots.isEmpty {
      guard let name = source.robots.first, let index = features.robots.firstIndex(of: name) else {
        throw UserError(
          "the episodes are of the robot \(source.robots.first ?? "without a name"), the training set is of \(features.robots.joined(separator: ", "))"
        )
      }
      robot = index
      places = features.proprioception.places(of: source.proprioception)
    } else {
      places = Array(0..<features.proprioception.count)
    }
    for episode in episodes { try append(episode, robot: Int32(robot), places: places) }
  }

  private mutating func append(_ episode: Episode, robot: Int32, places: [Int]) throws {
    let width = features.action.count
    var rows: [Int: Int32] = [:]
    let start = Int32(frameCount)
    if largestDelay > 0, let last = episode.labelFrames.max() {
      // Every frame has a row, in order, so that windows can be moved.
      for frame in 0...last {
        rows[frame] = Int32(frameCount)
        try append(episode.observations[frame], seed: episode.info.seed, places: places)
        if pictures > 0 { images[frameCount - 1] = episode.observations[frame].image }
        executed += episode.actions[frame]
      }
    }
    for (frame, label) in zip(episode.labelFrames, episode.labels) {
      guard label.horizon >= horizons.prediction, label.dimension == width else {
        throw UserError(
          "a label of the episode of seed \(episode.info.seed) has \(label.horizon) steps of \(label.dimension) numbers, but training needs \(horizons.prediction) steps of \(width); record with a longer horizon"
        )
      }
      for back in (0..<horizons.observation).reversed() {
        let source = max(0, frame - back)
        let row = rows[source] ?? Int32(frameCount)
        if rows[source] == nil {
          try append(episode.observations[source], seed: episode.info.seed, places: places)
          rows[source] = row
        }
        if back < pictures { images[Int(row)] = episode.observations[source].image }
        windowFrames.append(row)
      }
      chunks += label.values[0..<horizons.prediction * width]
      labelCommands.append(Int32(commandTable.index(of: episode.observations[frame].command)))
      labelEpisodes.append(Int32(episodeCount))
      labelRobots.append(robot)
      if largestDelay > 0 { labelStarts.append(start) }
      count += 1
    }
    episodeCount += 1
  }

  private mutating func append(_ observation: Observation, seed: UInt64, places: [Int]) throws {
    guard observation.proprioception.count == places.count,
      observation.objects.count == features.objects.count,
      features.touch == nil || observation.touch.count == features.touch?.count,
      features.image == nil || observation.image.count == features.image?.count
    else {
      throw UserError(
        "an observation of the episode of seed \(seed) does not have the shapes of the training set")
    }
    let start = proprioception.count
    proprioception += repeatElement(0, count: features.proprioception.count)
    for i in places.indices { proprioception[start + places[i]] = observation.proprioception[i] }
    objects += observation.objects
    if features.touch != nil { touch += observation.touch }
    if pictures > 0 { images.append([]) }
    frameCount += 1
  }

  /// All chunks, `[count, horizon · action]`.
  public var allChunks: [Float] { chunks }

  /// The proprioception that each label's chunk begins with, `[count]`.
  public var newestProprioception: [[Float]] {
    let width = features.proprioception.count
    return (0..<count).map { label in
      let frame = Int(windowFrames[label * horizons.observation + horizons.observation - 1])
      return Array(proprioception[frame * width..<(frame + 1) * width])
    }
  }

  /// The same labels with changed chunks, `[Tp, action]` each, given the proprioception that they begin with.
  public func mapChunks(_ change: (inout ArraySlice<Float>, _ proprioception: [Float]) -> Void) -> LabelSet {
    var mapped = self
    let width = horizons.prediction * features.action.count
    for (label, state) in newestProprioception.enumerated() {
      var chunk = chunks[label * width..<(label + 1) * width]
      change(&chunk, state)
      mapped.chunks.replaceSubrange(label * width..<(label + 1) * width, with: chunk)
    }
    return mapped
  }

  /// The episode that a label belongs to, in order of appending.
  public func episode(of label: Int) -> Int { Int(labelEpisodes[label]) }

  /// Splits labels by episode, so that no episode is in both parts.
  ///
  /// Every 1/`validationFraction`-th episode, from a phase drawn from `seed`, is held out: the share is
  /// exact to one episode, and an episode never changes sides when more are appended.
  public func split(validationFraction: Double, seed: UInt64) -> (training: [Int], validation: [Int]) {
    var stream = RandomStream(seed: seed, purpose: "validation split")
    let phase = stream.uniform()
    var training: [Int] = []
    var validation: [Int] = []
    for label in 0..<count {
      let place = Double(labelEpisodes[label]) * validationFraction + phase
      if (place + validationFraction).rounded(.down) > place.rounded(.down) {
        validation.append(label)
      } else {
        training.append(label)
      }
    }
    return (training, validation)
  }

  /// Copies the labels `indices` into flat arrays, one row each. Allocates nothing.
  ///
  /// - Parameters:
  ///   - proprioception: `[batch, To, proprioception]`
  ///   - objects: `[batch, To, objects, features]`
  ///   - chunks: `[batch, Tp, action]`
  ///   - commandIndices: `[batch]`, into `commands`
  ///   - touch: `[batch, To, touch]`; nil where it is not wanted.
  ///   - images: `[batch, pictures, height, width, 3]`; nil where they are not wanted.
  ///   - robots: `[batch]`, into `features.robots`; nil where they are not wanted.
  ///   - delays: `[batch]`, at most `largestDelay` each: how many frames before its label a row's window lies. The chunk
  ///     then begins with what was executed in those frames, and ends with as much less of the label: what an expert
  ///     would go on with whose answer comes late. On return what there was, less near an episode's beginning.
  public func fill(
    _ indices: [Int], proprioception: UnsafeMutableBufferPointer<Float>,
    objects: UnsafeMutableBufferPointer<Float>, chunks: UnsafeMutableBufferPointer<Float>,
    commandIndices: UnsafeMutableBufferPointer<Int32>,
    touch: UnsafeMutableBufferPointer<Float>? = nil, images: UnsafeMutableBufferPointer<UInt8>? = nil,
    robots: UnsafeMutableBufferPointer<Int32>? = nil,
    delays: UnsafeMutableBufferPointer<Int32>? = nil
  ) {
    let batch = indices.count
    let window = horizons.observation
    let stateWidth = features.proprioception.count
    let objectWidth = features.objects.count
    let chunkWidth = horizons.prediction * features.action.count
    let touchWidth = features.touch?.count ?? 0
    let imageWidth = features.image?.count ?? 0
    let actionWidth = features.action.count
    precondition(
      proprioception.count == batch * window * stateWidth
        && objects.count == batch * window * objectWidth && chunks.count == batch * chunkWidth
        && commandIndices.count == batch, "a batch's arrays must have the set's shapes")
    precondition(
      touch == nil || (features.touch != nil && touch!.count == batch * window * touchWidth),
      "touch has the set's shape")
    precondition(
      images == nil || (pictures > 0 && images!.count == batch * pictures * imageWidth),
      "pictures have the set's shape")
    precondition(robots == nil || robots!.count == batch, "there is a robot for every row")
    for row in 0..<batch {
      let label = indices[row]
      precondition(0..<count ~= label, "a label's number lies in 0 ..< count")
      commandIndices[row] = labelCommands[label]
      if let robots { robots[row] = labelRobots[label] }
      var (delay, first, newest) = (0, 0, 0)
      if largestDelay > 0, let delays {
        first = Int(labelStarts[label])
        newest = Int(windowFrames[label * window + window - 1])
        delay = min(Int(delays[row]), largestDelay, newest - first)
        delays[row] = Int32(delay)
        copy(
          (newest - delay) * actionWidth, of: executed, to: row * chunkWidth, of: chunks, delay * actionWidth)
      }
      let given = delay * actionWidth
      copy(label * chunkWidth, of: self.chunks, to: row * chunkWidth + given, of: chunks, chunkWidth - given)
      for step in 0..<window {
        let frame =
          delay == 0
          ? Int(windowFrames[label * window + step])
          : max(first, newest - delay - (window - 1 - step))
        let place = row * window + step
        copy(
          frame * stateWidth, of: self.proprioception, to: place * stateWidth, of: proprioception,
          stateWidth)
        copy(frame * objectWidth, of: self.objects, to: place * objectWidth, of: objects, objectWidth)
        if let touch {
          copy(frame * touchWidth, of: self.touch, to: place * touchWidth, of: touch, touchWidth)
        }
        let picture = step - (window - pictures)
        if let images, picture >= 0 {
          copy(
            0, of: self.images[frame], to: (row * pictures + picture) * imageWidth, of: images,
            imageWidth)
        }
      }
    }
  }

  /// Statistics for normalization: distinct frames once each, all steps of all chunks.
  public func statistics() -> FeatureStatistics {
    var statistics = FeatureStatistics(features)
    statistics.add(proprioception: proprioception)
    statistics.add(objects: objects)
    statistics.add(actions: chunks)
    statistics.add(touch: touch)
    for image in images where !image.isEmpty { statistics.add(image: image) }
    return statistics
  }
}

/// Copies `width` numbers; both ranges are checked.
private func copy<Element: BitwiseCopyable>(
  _ start: Int, of source: [Element], to place: Int, of target: UnsafeMutableBufferPointer<Element>,
  _ width: Int
) {
  precondition(start + width <= source.count && place + width <= target.count)
  guard width > 0, let base = target.baseAddress else { return }
  source.withUnsafeBufferPointer {
    (base + place).update(from: $0.baseAddress! + start, count: width)
  }
}

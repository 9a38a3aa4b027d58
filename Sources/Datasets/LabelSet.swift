// What learning trains on: a flat table of labelled windows.

import PlanarCore
import PlanarPolicyInterface

/// All labelled windows of some episodes: histories `[To]`, commands, and chunks `[Tp, action]`.
///
/// Each frame that a window needs is stored once; a window is a label's chunk and To frame numbers:
///
/// ```
///   frames   f0 f1 f2 f3 f4 …      every observed array, by feature name
///   label    (f0 f0 | chunk), (f2 f3 | chunk) …
/// ```
///
/// What `features` does not have of an episode's observations is ignored. Of a window's pictures, which are its `uint8`
/// arrays, only the newest `pictures` are kept.
///
/// Episodes of several robots may be in one set: `features` then names all robots and holds every element that one of
/// them tells (`FeatureSet.joining`), and elements that a robot has not are zero.
/// Appending keeps the numbers of labels, episodes and commands: DAgger aggregates by appending.
public struct LabelSet: Sendable {
  /// What was observed, and what an action is.
  public let features: FeatureSet
  /// The windows' horizons, in control steps.
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
  /// What is kept of a frame.
  private let layout: ObservationLayout
  /// `[frames, layout.floatCount]`
  private var floats: [Float] = []
  /// `[layout.byteCount]` of each frame, shared with the episode it came from; empty where no label looks at its picture.
  private var pictureBytes: [[UInt8]] = []
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
    layout = ObservationLayout(features)
    self.pictures = layout.byteCount == 0 ? 0 : pictures ?? horizons.observation
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
    var stateIndices: [Int]?
    var robot = 0
    if let source, !features.robots.isEmpty {
      guard let name = source.robots.first, let index = features.robots.firstIndex(of: name) else {
        throw UserError(
          "the episodes are of the robot \(source.robots.first ?? "without a name"), the training set is of \(features.robots.joined(separator: ", "))"
        )
      }
      robot = index
      stateIndices = features.proprioception.indices(of: source.proprioception)
    }
    for episode in episodes { try append(episode, robot: Int32(robot), stateIndices) }
  }

  private mutating func append(_ episode: Episode, robot: Int32, _ stateIndices: [Int]?) throws {
    let width = features.action.count
    var rows: [Int: Int32] = [:]
    let start = Int32(frameCount)
    if largestDelay > 0, let last = episode.labelFrames.max() {
      // Every frame has a row, in order, so that windows can be moved.
      for frame in 0...last {
        rows[frame] = Int32(frameCount)
        try append(episode.observations[frame], seed: episode.info.seed, stateIndices)
        if pictures > 0 { keepPictures(of: episode.observations[frame], frame: frameCount - 1) }
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
          try append(episode.observations[source], seed: episode.info.seed, stateIndices)
          rows[source] = row
        }
        if back < pictures { keepPictures(of: episode.observations[source], frame: Int(row)) }
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

  /// - Parameter stateIndices: where each number of the observed `observation.state` belongs; nil for all in order.
  private mutating func append(_ observation: Observation, seed: UInt64, _ stateIndices: [Int]?) throws {
    let start = floats.count
    floats += repeatElement(0, count: layout.floatCount)
    for field in layout.fields {
      let indices = field.name == FeatureName.state ? stateIndices : nil
      guard let seen = observation.layout.field(field.name), seen.dtype == field.dtype,
        seen.count == indices?.count ?? field.count
      else {
        throw UserError(
          "an observation of the episode of seed \(seed) does not have the shapes of the training set")
      }
      guard field.dtype == .float32 else { continue }
      let offset = start + field.offset
      for i in 0..<seen.count { floats[offset + (indices?[i] ?? i)] = observation.floats[seen.offset + i] }
    }
    if pictures > 0 { pictureBytes.append([]) }
    frameCount += 1
  }

  private mutating func keepPictures(of observation: Observation, frame: Int) {
    let names = layout.fields.lazy.filter { $0.dtype == .uint8 }.map(\.name)
    let seen = observation.layout.fields.lazy.filter { $0.dtype == .uint8 }.map(\.name)
    pictureBytes[frame] =
      seen.elementsEqual(names) ? observation.bytes : names.flatMap { observation.bytes($0) }
  }

  /// All chunks, `[count, horizon · action]`.
  public var allChunks: [Float] { chunks }

  /// The proprioception that each label's chunk begins with, `[count]`.
  public var newestProprioception: [[Float]] {
    guard let field = layout.field(FeatureName.state) else { preconditionFailure("labels have a state") }
    return (0..<count).map { label in
      let frame = Int(windowFrames[label * horizons.observation + horizons.observation - 1])
      let start = frame * layout.floatCount + field.offset
      return Array(floats[start..<start + field.count])
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
      let position = Double(labelEpisodes[label]) * validationFraction + phase
      if (position + validationFraction).rounded(.down) > position.rounded(.down) {
        validation.append(label)
      } else {
        training.append(label)
      }
    }
    return (training, validation)
  }

  /// Copies the labels `indices` into a batch, one row each. Allocates nothing.
  ///
  /// - Parameter batch: has as many rows. With a `largestDelay`, its `delays` say how many frames before its label a row's
  ///   window lies, at most `largestDelay`. The chunk then begins with what was executed in those frames, and ends with as
  ///   much less of the label: what an expert would go on with whose answer comes late. On return they are what there
  ///   was, less near an episode's beginning. Without, they are not looked at.
  public func fill(_ indices: [Int], _ batch: inout LabelBatch) {
    precondition(
      batch.rows == indices.count && batch.observations.window == horizons.observation
        && batch.chunks.count == indices.count * chunkWidth, "a batch has the set's shapes")
    for row in indices.indices {
      let label = indices[row]
      precondition(0..<count ~= label, "a label's number lies in 0 ..< count")
      batch.commandIndices[row] = labelCommands[label]
      if !batch.observations.robots.isEmpty { batch.observations.robots[row] = labelRobots[label] }
      if largestDelay > 0 {
        let longest = newestFrame(of: label) - Int(labelStarts[label])
        batch.delays[row] = Int32(min(Int(batch.delays[row]), largestDelay, longest))
      }
    }
    fillChunks(indices, &batch)
    let delays = batch.delays
    batch.observations.withMutableRows { rows in
      for column in rows.columns {
        guard let field = layout.field(column.name), field.dtype == column.dtype, field.count == column.width else {
          preconditionFailure("the set does not have the batch's \(column.name)")
        }
        precondition(column.dtype == .float32 || column.steps <= pictures, "the set keeps fewer \(column.name)")
        for row in indices.indices {
          for step in 0..<rows.window {
            let frame = frame(of: indices[row], step: step, delay: largestDelay > 0 ? Int(delays[row]) : 0)
            switch column.dtype {
            case .float32:
              rows.floats(column, row: row, step: step)?
                .copy(frame * layout.floatCount + field.offset, of: floats, count: field.count)
            case .uint8:
              rows.bytes(column, row: row, step: step)?
                .copy(field.offset, of: pictureBytes[frame], count: field.count)
            }
          }
        }
      }
    }
  }

  private func fillChunks(_ indices: [Int], _ batch: inout LabelBatch) {
    let (width, actionWidth) = (chunkWidth, features.action.count)
    let delays = batch.delays
    batch.chunks.withUnsafeMutableBufferPointer { chunks in
      for row in indices.indices {
        let label = indices[row]
        let chunk = UnsafeMutableBufferPointer(rebasing: chunks[row * width..<(row + 1) * width])
        let delay = largestDelay > 0 ? Int(delays[row]) : 0
        let prefix = delay * actionWidth
        if delay > 0 {
          chunk.copy((newestFrame(of: label) - delay) * actionWidth, of: executed, count: prefix)
        }
        UnsafeMutableBufferPointer(rebasing: chunk[prefix...])
          .copy(label * width, of: self.chunks, count: width - prefix)
      }
    }
  }

  /// Numbers of a chunk.
  private var chunkWidth: Int { horizons.prediction * features.action.count }

  /// The frame at which a label stands.
  private func newestFrame(of label: Int) -> Int {
    Int(windowFrames[(label + 1) * horizons.observation - 1])
  }

  /// A frame of a label's window, which lies `delay` frames earlier.
  private func frame(of label: Int, step: Int, delay: Int) -> Int {
    let window = horizons.observation
    guard delay > 0 else { return Int(windowFrames[label * window + step]) }
    return max(Int(labelStarts[label]), newestFrame(of: label) - delay - (window - 1 - step))
  }

  /// Statistics for normalization: distinct frames once each, all steps of all chunks.
  public func statistics() -> FeatureStatistics {
    var statistics = FeatureStatistics(features)
    for field in layout.fields {
      for frame in 0..<frameCount {
        switch field.dtype {
        case .float32:
          let start = frame * layout.floatCount + field.offset
          statistics.add(field.name, floats[start..<start + field.count])
        case .uint8:
          guard pictures > 0, !pictureBytes[frame].isEmpty else { continue }
          statistics.add(field.name, Array(pictureBytes[frame][field.range]))
        }
      }
    }
    statistics.add(actions: chunks)
    return statistics
  }
}

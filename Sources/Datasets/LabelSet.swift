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
/// Frames, pictures and chunks beyond 64 MB each are kept in files that go with the process (`RowStore`): memory grows by a
/// label's few indices only.
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
  private var frameCount: Int { floats.count }
  /// What is kept of a frame.
  private let layout: ObservationLayout
  /// `[frames, layout.floatCount]`
  private var floats: RowStore<Float>
  /// `[pictures, layout.byteCount]`
  private var pictureBytes: RowStore<UInt8>
  /// Of each frame, into `pictureBytes`; −1 where no label looks at its picture. Empty where no pictures are kept.
  private var pictureRows: [Int32] = []
  // Labels.
  private var windowFrames: [Int32] = []
  /// `[labels, horizon · action]`
  private var chunks: RowStore<Float>
  private var labelCommands: [Int32] = []
  private var labelEpisodes: [Int32] = []
  /// Episodes that are never held out.
  private var keptEpisodes: Set<Int32> = []
  /// Of each label, into `features.robots`; empty where they name none.
  private var labelRobots: [Int32] = []
  // Where windows may lie earlier: of each frame the action that was executed, of each label its episode's first frame.
  private var executed: RowStore<Float>
  private var labelStarts: [Int32] = []

  /// An empty set.
  ///
  /// - Parameters:
  ///   - horizons: windows have `observation` frames, chunks `prediction` steps.
  ///   - pictures: how many of a window's pictures are kept; nil for all.
  ///   - largestDelay: by how many frames a window may lie before its label.
  public init(features: FeatureSet, horizons: Horizons, pictures: Int? = nil, largestDelay: Int = 0) {
    self.init(
      features: features, horizons: horizons, pictures: pictures, largestDelay: largestDelay, memoryLimit: 1 << 26)
  }

  /// - Parameter memoryLimit: bytes of each kind of rows that are kept in memory.
  package init(
    features: FeatureSet, horizons: Horizons, pictures: Int? = nil, largestDelay: Int = 0, memoryLimit: Int
  ) {
    precondition(
      largestDelay >= 0 && largestDelay < horizons.prediction, "something of a chunk follows a delay")
    self.largestDelay = largestDelay
    precondition(
      (0...horizons.observation).contains(pictures ?? 0), "a window has no more pictures than frames")
    layout = ObservationLayout(features)
    floats = RowStore(width: layout.floatCount, memoryLimit: memoryLimit)
    pictureBytes = RowStore(width: layout.byteCount, memoryLimit: memoryLimit)
    chunks = RowStore(width: horizons.prediction * features.action.count, memoryLimit: memoryLimit)
    executed = RowStore(width: features.action.count, memoryLimit: memoryLimit)
    self.pictures = layout.byteCount == 0 ? 0 : pictures ?? horizons.observation
    self.features = features
    self.horizons = horizons
  }

  /// Adds the labels of episodes. A label longer than the prediction horizon is cut to it.
  ///
  /// - Parameters:
  ///   - source: what the episodes' observations hold, where the set holds several robots'; nil: what the set holds.
  ///   - times: how often each label counts.
  ///   - isHeldIn: whether none of them may be held out by `split`.
  /// - Throws: `UserError` where a label is shorter than the prediction horizon, shapes differ, or a robot is not one of
  ///   the set's.
  public mutating func append(
    _ episodes: [Episode], of source: FeatureSet? = nil, times: Int = 1, isHeldIn: Bool = false
  ) throws {
    precondition(times > 0, "a label counts at least once")
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
    for episode in episodes {
      if isHeldIn { keptEpisodes.insert(Int32(episodeCount)) }
      try append(episode, robot: Int32(robot), stateIndices, times: times)
    }
  }

  private mutating func append(_ episode: Episode, robot: Int32, _ stateIndices: [Int]?, times: Int) throws {
    let width = features.action.count
    var rows: [Int: Int32] = [:]
    let start = Int32(frameCount)
    if largestDelay > 0, let last = episode.labelFrames.max() {
      // Every frame has a row, in order, so that windows can be moved.
      for frame in 0...last {
        rows[frame] = Int32(frameCount)
        try append(episode.observations[frame], seed: episode.info.seed, stateIndices)
        if pictures > 0 { try keepPictures(of: episode.observations[frame], frame: frameCount - 1) }
        try executed.append(episode.actions[frame])
      }
    }
    for (frame, label) in zip(episode.labelFrames, episode.labels) {
      guard label.horizon >= horizons.prediction, label.dimension == width else {
        throw UserError(
          "a label of the episode of seed \(episode.info.seed) has \(label.horizon) steps of \(label.dimension) numbers, but training needs \(horizons.prediction) steps of \(width); record with a longer horizon"
        )
      }
      for _ in 0..<times {
        for back in (0..<horizons.observation).reversed() {
          let source = max(0, frame - back)
          let row = rows[source] ?? Int32(frameCount)
          if rows[source] == nil {
            try append(episode.observations[source], seed: episode.info.seed, stateIndices)
            rows[source] = row
          }
          if back < pictures { try keepPictures(of: episode.observations[source], frame: Int(row)) }
          windowFrames.append(row)
        }
        try chunks.append(label.values[0..<horizons.prediction * width])
        labelCommands.append(Int32(commandTable.index(of: episode.observations[frame].command)))
        labelEpisodes.append(Int32(episodeCount))
        if !features.robots.isEmpty { labelRobots.append(robot) }
        if largestDelay > 0 { labelStarts.append(start) }
        count += 1
      }
    }
    episodeCount += 1
  }

  /// - Parameter stateIndices: where each number of the observed `observation.state` belongs; nil for all in order.
  private mutating func append(_ observation: Observation, seed: UInt64, _ stateIndices: [Int]?) throws {
    var numbers = [Float](repeating: 0, count: layout.floatCount)
    for field in layout.fields {
      let indices = field.name == FeatureName.state ? stateIndices : nil
      guard let seen = observation.layout.field(field.name), seen.dtype == field.dtype,
        seen.count == indices?.count ?? field.count
      else {
        throw UserError(
          "an observation of the episode of seed \(seed) does not have the shapes of the training set")
      }
      guard field.dtype == .float32 else { continue }
      for i in 0..<seen.count { numbers[field.offset + (indices?[i] ?? i)] = observation.floats[seen.offset + i] }
    }
    try floats.append(numbers)
    if pictures > 0 { pictureRows.append(-1) }
  }

  private mutating func keepPictures(of observation: Observation, frame: Int) throws {
    guard pictureRows[frame] < 0 else { return }
    let names = layout.fields.lazy.filter { $0.dtype == .uint8 }.map(\.name)
    let seen = observation.layout.fields.lazy.filter { $0.dtype == .uint8 }.map(\.name)
    pictureRows[frame] = Int32(pictureBytes.count)
    try pictureBytes.append(seen.elementsEqual(names) ? observation.bytes : names.flatMap { observation.bytes($0) })
  }

  /// Visits some labels in order: each one's chunk `[horizon · action]`, which may be changed, and the proprioception that
  /// it begins with.
  ///
  /// - Parameter labels: nil for all.
  /// - Throws: `UserError` where data beyond memory cannot be read back.
  public func forEachChunk(
    of labels: [Int]? = nil,
    _ visit: (_ chunk: UnsafeMutableBufferPointer<Float>, _ proprioception: UnsafeBufferPointer<Float>) -> Void
  ) throws {
    guard let field = layout.field(FeatureName.state) else { preconditionFailure("labels have a state") }
    var copy = [Float](repeating: 0, count: chunkWidth)
    for index in 0..<(labels?.count ?? count) {
      let label = labels?[index] ?? index
      try chunks.withRow(label) { chunk in for i in chunk.indices { copy[i] = chunk[i] } }
      try floats.withRow(newestFrame(of: label)) { numbers in
        copy.withUnsafeMutableBufferPointer { visit($0, UnsafeBufferPointer(rebasing: numbers[field.range])) }
      }
    }
  }

  /// Visits the newest observation of each label, in order: the numbers of its `float32` features.
  ///
  /// - Throws: `UserError` where data beyond memory cannot be read back.
  public func forEachObservation(_ visit: (UnsafeBufferPointer<Float>) -> Void) throws {
    for label in 0..<count { try floats.withRow(newestFrame(of: label), visit) }
  }

  /// The episode that a label belongs to, in order of appending.
  public func episode(of label: Int) -> Int { Int(labelEpisodes[label]) }

  /// Splits labels by episode, so that no episode is in both parts.
  ///
  /// Every 1/`validationFraction`-th episode, from a phase drawn from `seed`, is held out: the share is
  /// exact to one episode, and an episode never changes sides when more are appended. Those that were appended to be held in
  /// are not among them.
  public func split(validationFraction: Double, seed: UInt64) -> (training: [Int], validation: [Int]) {
    var stream = RandomStream(seed: seed, purpose: "validation split")
    let phase = stream.uniform()
    var training: [Int] = []
    var validation: [Int] = []
    for label in 0..<count {
      let position = Double(labelEpisodes[label]) * validationFraction + phase
      if (position + validationFraction).rounded(.down) > position.rounded(.down),
        !keptEpisodes.contains(labelEpisodes[label])
      {
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
  /// - Throws: `UserError` where data beyond memory cannot be read back.
  public func fill(_ indices: [Int], _ batch: inout LabelBatch) throws {
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
    try fillChunks(indices, &batch)
    let delays = batch.delays
    try batch.observations.withMutableRows { rows in
      try withUnsafeTemporaryAllocation(of: Int.self, capacity: rows.columns.count) { offsets in
        for (index, column) in rows.columns.enumerated() {
          guard let field = layout.field(column.name), field.dtype == column.dtype, field.count == column.width else {
            preconditionFailure("the set does not have the batch's \(column.name)")
          }
          precondition(column.dtype == .float32 || column.steps <= pictures, "the set keeps fewer \(column.name)")
          offsets.initializeElement(at: index, to: field.offset)
        }
        for row in indices.indices {
          for step in 0..<rows.window {
            let frame = frame(of: indices[row], step: step, delay: largestDelay > 0 ? Int(delays[row]) : 0)
            try fillRow(row, step, frame, rows, UnsafeBufferPointer(offsets))
          }
        }
      }
    }
  }

  /// Copies a frame into one step of a row's window.
  ///
  /// - Parameter offsets: where each column's numbers stand in a frame.
  private func fillRow(
    _ row: Int, _ step: Int, _ frame: Int, _ rows: MutableObservedRows, _ offsets: UnsafeBufferPointer<Int>
  ) throws {
    try floats.withRow(frame) { numbers in
      for (index, column) in rows.columns.enumerated() where column.dtype == .float32 {
        rows.floats(column, row: row, step: step)?.copy(offsets[index], of: numbers, count: column.width)
      }
    }
    // Only the newest pictures of a window are kept.
    guard step >= rows.window - pictures, rows.columns.contains(where: { $0.dtype == .uint8 }) else { return }
    try pictureBytes.withRow(Int(pictureRows[frame])) { bytes in
      for (index, column) in rows.columns.enumerated() where column.dtype == .uint8 {
        rows.bytes(column, row: row, step: step)?.copy(offsets[index], of: bytes, count: column.width)
      }
    }
  }

  private func fillChunks(_ indices: [Int], _ batch: inout LabelBatch) throws {
    let (width, actionWidth) = (chunkWidth, features.action.count)
    let delays = batch.delays
    try batch.chunks.withUnsafeMutableBufferPointer { chunks in
      for row in indices.indices {
        let label = indices[row]
        let chunk = UnsafeMutableBufferPointer(rebasing: chunks[row * width..<(row + 1) * width])
        let delay = largestDelay > 0 ? Int(delays[row]) : 0
        let prefix = delay * actionWidth
        if delay > 0 {
          let newest = newestFrame(of: label)
          try executed.withRows(newest - delay..<newest) { chunk.copy(0, of: $0, count: prefix) }
        }
        try self.chunks.withRow(label) {
          UnsafeMutableBufferPointer(rebasing: chunk[prefix...]).copy(0, of: $0, count: width - prefix)
        }
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
  ///
  /// - Throws: `UserError` where data beyond memory cannot be read back.
  public func statistics() throws -> FeatureStatistics {
    var statistics = FeatureStatistics(features)
    for frame in 0..<frameCount {
      try floats.withRow(frame) { numbers in
        for field in layout.fields where field.dtype == .float32 {
          statistics.add(field.name, numbers[field.range])
        }
      }
      guard pictures > 0, pictureRows[frame] >= 0 else { continue }
      try pictureBytes.withRow(Int(pictureRows[frame])) { bytes in
        for field in layout.fields where field.dtype == .uint8 {
          statistics.add(field.name, Array(bytes[field.range]))
        }
      }
    }
    for label in 0..<count { try chunks.withRow(label) { statistics.add(actions: $0) } }
    return statistics
  }
}

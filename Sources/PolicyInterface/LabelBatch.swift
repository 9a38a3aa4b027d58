// Labelled windows in flat arrays: what a learning method takes from a data set at a time.

/// Windows of observations with their chunks, one a row.
public struct LabelBatch: Sendable {
  /// The rows' windows of observations.
  public var observations: ObservationBatch
  /// `[rows, Tp, action]`, each number in [−1, 1].
  public var chunks: [Float]
  /// `[rows]`, into the data set's commands.
  public var commandIndices: [Int32]
  /// `[rows]`: how many steps of a chunk are its prefix, as they will be under an inference delay.
  public var delays: [Int32]

  /// An empty batch: zeros.
  ///
  /// - Parameter pictures: how many of a window's pictures a row holds; nil for all.
  public init(rows: Int, features: FeatureSet, horizons: Horizons, pictures: Int? = nil) {
    observations = ObservationBatch(
      rows: rows, features: features, window: horizons.observation, pictures: pictures)
    chunks = Array(repeating: 0, count: rows * horizons.prediction * features.action.count)
    commandIndices = Array(repeating: 0, count: rows)
    delays = Array(repeating: 0, count: rows)
  }

  /// The rows' windows of observations.
  public var rows: Int { observations.rows }
}

// How long policies think: what `planar bench policies` measures, and tables show beside success.

/// Times of one checkpoint at one number of sampling steps, on one thread.
public struct PolicyLatency: Codable, Equatable, Sendable {
  /// The checkpoint's folder name.
  public var policy: String
  /// Denoising or integration steps where others than the checkpoint's own were asked for.
  public var samplingSteps: Int?
  /// Median and 95th percentile of one chunk for one observation, µs.
  public var medianMicroseconds: Double
  /// The time that 95 % of the chunks stay below, µs.
  public var percentile95Microseconds: Double
  /// Chunks a second, 32 observations at a time.
  public var chunksPerSecond: Double

  /// Times that were measured before.
  public init(
    policy: String, samplingSteps: Int?, medianMicroseconds: Double, percentile95Microseconds: Double,
    chunksPerSecond: Double
  ) {
    self.policy = policy
    self.samplingSteps = samplingSteps
    self.medianMicroseconds = medianMicroseconds
    self.percentile95Microseconds = percentile95Microseconds
    self.chunksPerSecond = chunksPerSecond
  }

  enum CodingKeys: String, CodingKey {
    case policy
    case samplingSteps = "sampling_steps"
    case medianMicroseconds = "p50_us"
    case percentile95Microseconds = "p95_us"
    case chunksPerSecond = "chunks_per_s_at_32"
  }
}

/// What `planar bench policies --json` prints.
public struct PolicyLatencyReport: Codable, Equatable, Sendable {
  /// One entry per checkpoint and number of sampling steps.
  public var policies: [PolicyLatency]
  /// A report of these entries.
  public init(policies: [PolicyLatency]) { self.policies = policies }
}

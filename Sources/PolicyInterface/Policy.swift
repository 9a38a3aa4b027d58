// The contract of a policy: observation histories in, action chunks out, a fixed batch at a time.

import PlanarCore

/// One row of a batch: what was observed, and the stream a stochastic policy draws its noise from.
public struct PolicyRequest: Sendable {
  /// What was observed.
  public var history: ObservationHistory
  /// The stream that this chunk's noise is drawn from.
  public var noise: RandomStream
  /// The chunk that is still being executed, for policies that continue chunks; nil where the answer starts afresh.
  public var continuation: ChunkContinuation?

  /// A request for one chunk.
  public init(
    history: ObservationHistory, noise: RandomStream, continuation: ChunkContinuation? = nil
  ) {
    self.history = history
    self.noise = noise
    self.continuation = continuation
  }
}

/// A trained policy: immutable, shared by threads.
public protocol Policy: Sendable {
  /// Such as `flow`.
  var name: String { get }
  /// What it looks at and what its actions are.
  var features: FeatureSet { get }
  /// Observations that it looks at, steps of a chunk, and how many of them are executed.
  var horizons: Horizons { get }
  /// Whether chunks are made to continue the previous one where a request tells of it (real-time chunking). False by
  /// default: then continuations are ignored.
  var continuesChunks: Bool { get }
  /// What of a command the policy does not read, in words that go on after "the command": `has 41 sub-words, of which …`;
  /// nil where it reads all of it, as by default.
  func cutOff(of command: String) -> String?
  /// Makes the working storage of one worker, for batches of exactly `batch` rows.
  ///
  /// A matrix product's rows can change in their last bits with the number of rows, so a batch size is
  /// fixed once and padded, never shrunk: results then depend on a row alone.
  func makeInference(batch: Int) -> any PolicyInference
  /// The same in an environment that offers these features, which `requireOffered` has let pass: a policy of several
  /// robots learns from them which one it has. By default they are not looked at.
  func makeInference(batch: Int, in offered: FeatureSet) -> any PolicyInference
}

extension Policy {
  /// By default a policy cannot continue a chunk.
  public var continuesChunks: Bool { false }
  /// By default commands of any length are read.
  public func cutOff(of command: String) -> String? { nil }
  /// By default the features that are offered make no difference.
  public func makeInference(batch: Int, in offered: FeatureSet) -> any PolicyInference {
    makeInference(batch: batch)
  }
}

/// One worker's running policy.
public protocol PolicyInference: AnyObject {
  /// How many requests it takes at once.
  var batch: Int { get }
  /// Predicts one chunk `[prediction horizon, action]` per request. Draws advance each request's `noise`.
  ///
  /// Fewer requests than `batch` are padded inside; more are a programmer error.
  func predict(_ requests: inout [PolicyRequest]) -> [ActionChunk]
  /// The way to the chunk of one request, for whoever wants to see it: first the noise that it begins with, then the chunk
  /// at every denoising step as it would be executed, last what `predict` answers. The answer alone, as by default, where
  /// a policy does not begin with noise.
  func denoise(_ request: inout PolicyRequest) -> [ActionChunk]
  /// What the policy looks at where it is asked this; nil, as by default, where that cannot be told.
  func attention(to request: PolicyRequest) -> PolicyAttention?
}

extension PolicyInference {
  /// It cannot be told.
  public func attention(to request: PolicyRequest) -> PolicyAttention? { nil }

  /// By default there is nothing before the answer.
  public func denoise(_ request: inout PolicyRequest) -> [ActionChunk] {
    var requests = [request]
    let chunks = predict(&requests)
    request = requests[0]
    return chunks
  }
}

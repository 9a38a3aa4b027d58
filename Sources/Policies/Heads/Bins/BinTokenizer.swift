// Uniform bins per number of a chunk (RT-1, Brohan et al. 2022; RT-2; OpenVLA, Kim et al. 2024).

/// [−1, 1] cut into equal bins; a bin stands for its middle.
public struct BinTokenizer: Sendable {
  /// Bins over the range −1 to 1.
  public let bins: Int

  /// A tokenizer of this many bins.
  public init(bins: Int) { self.bins = bins }

  /// The bin that holds a number; numbers outside [−1, 1] go to the outermost.
  public func token(_ value: Float) -> Int32 {
    let position = (max(-1, min(1, value)) + 1) * 0.5 * Float(bins)
    return Int32(min(Float(bins - 1), position))
  }

  /// A bin's middle: at most 1 / bins from every number in it.
  public func value(_ token: Int32) -> Float { (Float(token) + 0.5) * 2 / Float(bins) - 1 }
}

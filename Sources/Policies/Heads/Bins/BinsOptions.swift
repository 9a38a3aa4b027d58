// What can be chosen about actions as bins.

import PlanarNeuralNetworks
import PlanarCore

/// Options of the `bins` head: every number of a chunk is one of `bins` classes, learned by cross-entropy.
public struct BinsOptions: HeadOptions {
  /// How the numbers of a chunk are put out.
  public enum Decoding: String, Codable, CaseIterable, Sendable {
    /// One after the other, each given those before it (RT-2, OpenVLA).
    case autoregressive
    /// All in one run, each for itself (OpenVLA-OFT, Kim et al. 2025).
    case parallel
  }

  /// The family's name in files and on the command line.
  public static let name = "bins"
  /// Everything at its default.
  public static var standard: BinsOptions { BinsOptions() }
  /// Whether tokens are made one after the other or all at once.
  public var decoding: Decoding
  /// Bins of each number.
  public var bins: Int
  /// The sizes of the decoder.
  public var decoder: DecoderSizes
  /// Standard deviation, in bins, of the targets around the right bin; 0 for the right bin alone.
  public var blur: Float
  /// Share of the targets that is spread over all bins (Szegedy et al. 2016).
  public var labelSmoothing: Float
  /// 0 takes the likeliest bin; else bins are drawn from softmax(logits / temperature).
  public var temperature: Float

  /// The defaults of the shipped policy; `validate` checks what they are replaced by.
  public init(
    decoding: Decoding = .autoregressive, bins: Int = 256, decoder: DecoderSizes = DecoderSizes(),
    blur: Float = 0, labelSmoothing: Float = 0, temperature: Float = 0
  ) {
    self.decoding = decoding
    self.bins = bins
    self.decoder = decoder
    self.blur = blur
    self.labelSmoothing = labelSmoothing
    self.temperature = temperature
  }

  /// - Throws: `UserError` that names the option and what it must be.
  public func validate() throws {
    try requireRanges([("the number of bins", bins, 2...4096)])
    try requireRanges([
      ("bins blur", blur, 0...16), ("bins labelSmoothing", labelSmoothing, 0...0.5),
      ("bins temperature", temperature, 0...10),
    ])
    try decoder.validate("bins decoder")
  }

  /// The same options with another number of sampling steps.
  ///
  /// - Throws: `UserError` where the head has no steps to set, or not so many.
  public func settingSteps(_ steps: Int) throws -> Self {
    throw UserError("a bins policy has no denoising steps to set; leave the steps out")
  }

  /// The head of these options; its parameters are registered in `layout`.
  public func makeHead(
    _ layout: inout ParameterLayout, _ setting: HeadSetting
  ) throws -> any ActionHead {
    switch decoding {
    case .autoregressive: AutoregressiveBins(&layout, self, setting)
    case .parallel: ParallelBins(&layout, self, setting)
    }
  }
}

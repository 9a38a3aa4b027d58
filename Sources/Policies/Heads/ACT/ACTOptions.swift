// What can be chosen about action chunking with transformers (Zhao et al. 2023).

import PlanarNeuralNetworks
import PlanarCore

/// Options of the `act` head.
public struct ACTOptions: HeadOptions {
  /// The family's name in files and on the command line.
  public static let name = "act"
  /// Everything at its default.
  public static var standard: ACTOptions { ACTOptions() }
  /// Numbers of the latent.
  public var latent: Int
  /// Weight of the divergence between posterior and prior.
  public var klWeight: Float
  /// Layers of the posterior's encoder; its other sizes are the decoder's.
  public var encoderLayers: Int
  /// The sizes of the decoder.
  public var decoder: DecoderSizes

  /// The defaults of the shipped policy; `validate` checks what they are replaced by.
  public init(
    latent: Int = 32, klWeight: Float = 10, encoderLayers: Int = 2,
    decoder: DecoderSizes = DecoderSizes()
  ) {
    self.latent = latent
    self.klWeight = klWeight
    self.encoderLayers = encoderLayers
    self.decoder = decoder
  }

  /// - Throws: `UserError` that names the option and what it must be.
  public func validate() throws {
    try requireRanges([("act latent", latent, 1...4096), ("act encoderLayers", encoderLayers, 1...64)])
    try requireRanges([("act klWeight", klWeight, 0...1e6)])
    try decoder.validate("act decoder")
  }

  /// The same options with another number of sampling steps.
  ///
  /// - Throws: `UserError` where the head has no steps to set, or not so many.
  public func settingSteps(_ steps: Int) throws -> Self {
    guard steps == 1 else {
      throw UserError("an act policy predicts in 1 step, not \(steps); leave the steps out")
    }
    return self
  }

  /// The head of these options; its parameters are registered in `layout`.
  public func makeHead(
    _ layout: inout ParameterLayout, _ setting: HeadSetting
  ) throws -> any ActionHead { ACTHead(&layout, self, setting) }
}

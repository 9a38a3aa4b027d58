// Trunk, text encoder and head of one configuration: structure without weights, shared by the policy in training
// and the trained one.

import PlanarLanguage
import PlanarNeuralNetworks
import PlanarCore

struct PolicyNetwork: Sendable {
  let configuration: PolicyConfiguration
  let layout: ParameterLayout
  let text: CommandEncoder
  let trunk: ContextTrunk
  let head: any ActionHead

  /// - Throws: `UserError` where the configuration is not valid.
  init(_ configuration: PolicyConfiguration) throws {
    try configuration.validate()
    self.configuration = configuration
    var layout = ParameterLayout()
    text = try CommandEncoder(
      &layout, "text", configuration: configuration.text, outputWidth: configuration.trunk.width)
    trunk = ContextTrunk(&layout, configuration, textTokens: text.tokens)
    head = try configuration.head.options.makeHead(
      &layout,
      HeadSetting(
        horizon: configuration.horizons.prediction, action: configuration.features.action.count,
        contextTokens: trunk.contextTokens, contextWidth: configuration.trunk.width,
        decoder: configuration.decoder))
    guard layout.parameterCount <= Self.mostParameters else {
      throw UserError(
        "these sizes make a network of \(layout.parameterCount) parameters, and more than \(Self.mostParameters) are not trained or run here; make trunk, decoder or text smaller"
      )
    }
    self.layout = layout
  }

  /// A buffer of 400 MB, of which training needs several.
  private static let mostParameters = 100_000_000
}

// Trunk, text encoder, expert and head of one configuration: structure without weights, shared by the
// policy in training and the trained one.

import Language
import NeuralNetworks
import PlanarCore

struct PolicyNetwork: Sendable {
  let configuration: PolicyConfiguration
  let layout: ParameterLayout
  let text: TextEncoder
  let trunk: ContextTrunk
  let expert: ActionExpert
  let head: any ActionHead

  /// - Throws: `UserError` where the configuration is not valid.
  init(_ configuration: PolicyConfiguration) throws {
    try configuration.validate()
    self.configuration = configuration
    var layout = ParameterLayout()
    head = configuration.head.options.makeHead()
    text = TextEncoder(
      &layout, "text", vocabularyCount: configuration.vocabulary.count,
      configuration: configuration.text, outputWidth: configuration.trunk.width)
    trunk = ContextTrunk(&layout, configuration)
    expert = ActionExpert(
      &layout, configuration.expert, contextWidth: trunk.contextWidth,
      chunkCount: configuration.horizons.prediction * configuration.features.action.count,
      usesTime: head.usesTime)
    self.layout = layout
  }
}

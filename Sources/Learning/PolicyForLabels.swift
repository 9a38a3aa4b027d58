// From labels to an untrained policy: what the data decides, that is vocabulary and normalization.

import PlanarDatasets
import PlanarLanguage
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface

/// A policy with new weights that fits a set of labels.
///
/// - Parameters:
///   - head: the family and its options.
///   - observation: what the policy looks at; `labels` must be a set of `observation.features(trainedFrom:)`.
///   - labels: decide features, horizons, vocabulary and normalization.
///   - seed: of the initial weights.
///   - text: the text encoder; nil for sub-words learned from the labels' commands.
///   - representation: how the network sees actions; nil: relative where they are targets, as they are elsewhere.
///   - configure: changes what the size and the labels have decided, before anything is built.
/// - Throws: `UserError` where the labels are empty or the configuration is not valid.
public func makePolicy(
  head: HeadChoice, size: PolicySize, observation: ObservationConfiguration = ObservationConfiguration(),
  for labels: LabelSet, environment: String, seed: UInt64,
  text: CommandEncoder.Configuration? = nil, representation: ActionRepresentation.Kind? = nil,
  provenance: [String: String] = [:],
  configure: (inout PolicyConfiguration) -> Void = { _ in }
) throws -> TrainablePolicy {
  guard labels.count > 0 else {
    throw UserError("there is no label to train on; record episodes with labels first")
  }
  let statistics = try labels.statistics()
  let represented = try labels.features.action.anchors.map { anchors in
    try ActionRepresentation(
      kind: representation ?? ActionRepresentation.standard(for: anchors), anchors: anchors,
      horizon: labels.horizons.prediction, fittedTo: { try labels.forEachChunk($0) })
  }
  guard represented != nil || representation == nil else {
    throw UserError(
      "the data does not say what the numbers of its actions mean, so that they can only be learned as they are; record it again, or leave the representation out"
    )
  }
  func means(_ elements: [RunningStatistics]) -> [Float] { elements.map { Float($0.mean) } }
  func deviations(_ elements: [RunningStatistics]) -> [Float] {
    elements.map { Float($0.standardDeviation) }
  }
  let state = statistics[FeatureName.state] ?? []
  let objects = statistics[FeatureName.environmentState] ?? []
  var configuration = try PolicyConfiguration(
    head: head.options.fitted(
      to: labels.chunks(atMost: mostChunksForFitting, seenBy: represented), horizon: labels.horizons.prediction,
      action: labels.features.action.count),
    features: labels.features, horizons: labels.horizons, size: size,
    observation: observation,
    text: text
      ?? .learned(
        LearnedTextSettings(
          commands: labels.commands, width: size.text.width, heads: size.text.heads)),
    normalization: Normalization(
      proprioceptionMean: means(state), proprioceptionDeviation: deviations(state),
      objectMean: means(objects), objectDeviation: deviations(objects)),
    environment: environment, seed: seed, provenance: provenance)
  configuration.representation = represented
  configure(&configuration)
  return try TrainablePolicy(configuration)
}

/// What heads are fitted to at most: a tokenizer's vocabulary needs no more.
private let mostChunksForFitting = 20_000

extension LabelSet {
  /// Chunks spread over all labels, `[count, horizon · action]`, as a network sees them.
  func chunks(atMost most: Int, seenBy representation: ActionRepresentation?) throws -> [Float] {
    let kept = min(count, most)
    var chunks: [Float] = []
    chunks.reserveCapacity(kept * horizons.prediction * features.action.count)
    try forEachChunk(of: (0..<kept).map { $0 * count / kept }) { chunk, proprioception in
      representation?.encode(chunk, proprioception: proprioception)
      chunks += chunk
    }
    return chunks
  }
}

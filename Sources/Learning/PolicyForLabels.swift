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
///   - configure: changes what the size and the labels have decided, before anything is built.
/// - Throws: `UserError` where the labels are empty or the configuration is not valid.
public func makePolicy(
  head: HeadChoice, size: PolicySize, observation: ObservationConfiguration = ObservationConfiguration(),
  for labels: LabelSet, environment: String, seed: UInt64,
  text: CommandEncoder.Configuration? = nil, provenance: [String: String] = [:],
  configure: (inout PolicyConfiguration) -> Void = { _ in }
) throws -> TrainablePolicy {
  guard labels.count > 0 else {
    throw UserError("there is no label to train on; record episodes with labels first")
  }
  let statistics = labels.statistics()
  let relative = labels.features.action.anchors.map {
    RelativeActions(
      anchors: $0, fittedTo: labels.allChunks, horizon: labels.horizons.prediction,
      proprioception: labels.newestProprioception)
  }
  let labels = labels.seen(by: relative)
  func means(_ elements: [RunningStatistics]) -> [Float] { elements.map { Float($0.mean) } }
  func deviations(_ elements: [RunningStatistics]) -> [Float] {
    elements.map { Float($0.standardDeviation) }
  }
  let state = statistics[FeatureName.state] ?? []
  let objects = statistics[FeatureName.environmentState] ?? []
  var configuration = try PolicyConfiguration(
    head: head.options.fitted(
      to: labels.allChunks, horizon: labels.horizons.prediction, action: labels.features.action.count),
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
  configuration.relativeActions = relative
  configure(&configuration)
  return try TrainablePolicy(configuration)
}

extension LabelSet {
  /// The labels with chunks as a network sees them.
  func seen(by relative: RelativeActions?) -> LabelSet {
    guard let relative else { return self }
    return mapChunks { relative.encode(&$0, proprioception: $1) }
  }
}

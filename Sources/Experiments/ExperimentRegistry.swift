// The list of experiments; other packages add theirs.

import PlanarCore

/// The experiments there are. A new one is a folder and a line here, or from another package
/// `experimentRegistry.register(ExperimentKind(MyExperiment.self))`.
public let experimentRegistry = Registry(
  of: "experiment",
  [
    ExperimentKind(CovariateShift.self), ExperimentKind(CompoundingError.self), ExperimentKind(Interventions.self),
    ExperimentKind(Multimodality.self), ExperimentKind(DenoisingSteps.self), ExperimentKind(Chunks.self),
    ExperimentKind(Delay.self),
    ExperimentKind(ActionTokens.self), ExperimentKind(Randomization.self), ExperimentKind(Language.self),
    ExperimentKind(History.self), ExperimentKind(LossAndSuccess.self), ExperimentKind(DataScaling.self),
    ExperimentKind(EvaluationItself.self),
  ])

/// An experiment, as the command line names it.
public struct ExperimentKind: Registrable {
  /// What is run.
  public let experiment: any Experiment.Type
  /// What the command line calls it.
  public var name: String { experiment.name }

  /// The kind of a type.
  public init(_ experiment: any Experiment.Type) { self.experiment = experiment }
}

// How demonstrations are made: for record, and for train where it records them itself.

import ArgumentParser
import PlanarExperiments
import PlanarRecipes
import PlanarRollouts

struct DemonstrationOptions: ParsableArguments {
  @Option(
    within: Demonstrations.Limits.actionNoise,
    help:
      "Standard deviation of noise on executed actions (1 = full speed), so that recovery is seen; labels stay clean. Default: 0.3 for a scripted expert, 0 for the planner."
  )
  var actionNoise: Double?

  @Option(
    within: Demonstrations.Limits.probability,
    help:
      "Chance per step that the arm is pushed off course for a few steps. Default: 0.03 for a scripted expert, 0 for the planner."
  )
  var pushProbability: Double?

  @Option(
    within: Demonstrations.Limits.probability,
    help: "Chance per step that a hand shoves one of the objects. Default: 0.")
  var shoveProbability: Double?

  @Option(within: Demonstrations.Limits.labelStride, help: "Control steps between labelled states. Default: 2.")
  var labelStride: Int?

  /// The options that are given.
  var given: [String] {
    [
      ("--action-noise", actionNoise != nil), ("--push-probability", pushProbability != nil),
      ("--shove-probability", shoveProbability != nil), ("--label-stride", labelStride != nil),
    ].filter(\.1).map(\.0)
  }

  /// What the options mean for one driver.
  func resolved(for source: DriverName) -> Demonstrations {
    Demonstrations(
      source: source, actionNoise: actionNoise, pushProbability: pushProbability,
      shoveProbability: shoveProbability ?? 0, labelStride: labelStride ?? 2)
  }

  /// Puts what is given into a recipe.
  func apply(to recipe: inout Recipe) {
    if let actionNoise { recipe.data.actionNoise = actionNoise }
    if let pushProbability { recipe.data.pushProbability = pushProbability }
    if let shoveProbability { recipe.data.shoveProbability = shoveProbability }
    if let labelStride { recipe.data.labelStride = labelStride }
  }
}

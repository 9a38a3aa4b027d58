// How demonstrations are made: for record, and for train where it records them itself.

import ArgumentParser
import PlanarRecipes
import PlanarRollouts

struct DemonstrationOptions: ParsableArguments {
  @Option(
    help:
      "Standard deviation of noise on executed actions (1 = full speed), so that recovery is seen; labels stay clean. Default: 0.3 for a scripted expert, 0 for the planner."
  )
  var actionNoise: Double?

  @Option(
    help:
      "Chance per step that the arm is pushed off course for a few steps. Default: 0.03 for a scripted expert, 0 for the planner."
  )
  var pushProbability: Double?

  @Option(help: "Chance per step that a hand shoves one of the objects. Default: 0.")
  var shoveProbability: Double?

  @Option(help: "Control steps between labelled states. Default: 2.")
  var labelStride: Int?

  func validate() throws {
    guard actionNoise ?? 0 >= 0, (0...1).contains(pushProbability ?? 0) else {
      throw ValidationError("--action-noise must not be negative and --push-probability must lie between 0 and 1.")
    }
    guard (0...1).contains(shoveProbability ?? 0) else {
      throw ValidationError("--shove-probability must lie between 0 and 1; it is \(shoveProbability ?? 0).")
    }
    guard labelStride ?? 1 > 0 else { throw ValidationError("--label-stride must be at least 1.") }
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

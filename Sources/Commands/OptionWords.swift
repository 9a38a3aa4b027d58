// Options as the words that give them again, for commands that the program suggests.

import PlanarEvaluation
import PlanarPlanning
import PlanarPolicyInterface

extension EnvironmentOptions {
  /// The words of a command line that loads the same environment.
  var words: [String] {
    var words: [String] = []
    func add(_ option: String, _ value: String?) { words += value.map { [option, $0] } ?? [] }
    add("--environment", givenEnvironment)
    add("--randomization", givenRandomization)
    for pin in pins { add("--set", pin) }
    add("--robot", robot)
    add("--language", givenLanguage?.rawValue)
    add("--split", givenSplit?.rawValue)
    add("--image", image.map(String.init))
    if touch { words.append("--touch") }
    for option in taskOptions { add("--task-option", option) }
    add("--action-space", actionSpace)
    add("--rung", rung.map(String.init))
    return words
  }
}

extension ExecutionOptions {
  /// The words of a command line that executes chunks the same way.
  var words: [String] {
    (executionHorizon.map { ["--execution-horizon", "\($0)"] } ?? [])
      + (delay > 0 ? ["--delay", "\(delay)"] : []) + (switching.map { ["--switching", "\($0.rawValue)"] } ?? [])
      + (temporalEnsembling.map { ["--temporal-ensembling=\($0)"] } ?? [])
  }
}

extension SamplingOptions {
  /// The words of a command line whose policies make their chunks the same way.
  var words: [String] {
    (samplingSteps.map { ["--sampling-steps", "\($0)"] } ?? [])
      + (timestepSpacing.map { ["--timestep-spacing", $0.rawValue] } ?? [])
      + departures.sorted { $0.key < $1.key }.flatMap { ["--\($0.key)", $0.value] }
  }
}

extension EvaluationOptions {
  /// The command that shows a scene of the evaluation in the window, with some policies.
  func replay(_ scene: ComparedEpisodes.Scene, of policies: [String]) -> NextCommand {
    let isDrawn = command == .drawn && wordings == nil
    let isUnsaid = UnsaidCommand(rawValue: command.rawValue) != nil
    return NextCommand(
      ["demo", "--policies", policies.joined(separator: ",")] + environment.words + execution.words + sampling.words
        + planner.words + ["--seed", "\(scene.seed)"]
        + (isDrawn ? [] : ["--command", isUnsaid ? command.rawValue : scene.command]))
  }
}

extension PlannerOptions {
  /// The words of a command line whose planner searches the same way.
  var words: [String] {
    let usual = PlannerConfiguration()
    return (planner == usual.method ? [] : ["--planner", "\(planner)"])
      + (planSamples == usual.samples ? [] : ["--plan-samples", "\(planSamples)"])
  }
}

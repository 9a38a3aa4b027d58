// Options that say how a policy's chunks are executed.

import ArgumentParser
import PlanarExperiments
import PlanarRollouts

struct ExecutionOptions: ParsableArguments {
  @Option(
    within: 1...1_024,
    help: "Control steps executed of each predicted chunk before the policy is asked again. Default: the checkpoint's.")
  var executionHorizon: Int?

  @Option(
    within: 0...1_024,
    help:
      "Simulated inference delay: an answer arrives so many control steps after the question. The first chunk of an episode is there at once."
  )
  var delay = 0

  @Option(
    help: ArgumentHelp(
      "With --delay. 'wait': the arm is held still while the policy thinks. 'naive': the old chunk goes on, then the new one takes over at the step that is due. 'real-time': the same, and the policy is told what goes on, so that the new chunk continues the old one (flow and diffusion heads). Default: wait; with --temporal-ensembling: naive.",
      valueName: "wait|naive|real-time"))
  var switching: ChunkExecution.Switching?

  @Option(
    within: -1_000...1_000,
    help: ArgumentHelp(
      "Ask the policy every step and execute the mean of all chunks that cover the step, weighted by exp(-m·i), i = 0 being the oldest. ACT takes 0.01; below 0 (--temporal-ensembling=-0.5) new chunks count most.",
      valueName: "m"))
  var temporalEnsembling: Double?

  var execution: ChunkExecution {
    ChunkExecution(
      horizon: executionHorizon, ensembling: temporalEnsembling, delay: delay,
      switching: switching ?? (temporalEnsembling == nil ? .wait : .naive))
  }
}

extension ChunkExecution.Switching: ExpressibleByArgument {}

// Deterministic sampling: the timesteps and whole chains.

import PlanarNeuralNetworks

/// Limits: timesteps exact, states 1e-5. What a step takes for the clean sample is x / √ᾱ, which magnifies the
/// rounding of single precision where ᾱ is small: 1e-5 or 1e-6 / √ᾱ, whichever is more.
func deterministicCases(_ file: SchedulerFile) throws -> [VerificationCase] {
  try file.ddim.sorted { $0.key < $1.key }.map { key, chain in
    let name = "ddim/\(key)"
    guard let schedule = file.schedule(chain.betaSchedule) else {
      return .unknown(name, "β schedule '\(chain.betaSchedule)'")
    }
    guard let target = diffusionTargets[chain.predictionType] else {
      return .unknown(name, "prediction type '\(chain.predictionType)'")
    }
    guard chain.timestepSpacing == "leading" else {
      return .unknown(name, "timestep spacing '\(chain.timestepSpacing)'")
    }
    guard chain.eta == 0 else { return .unknown(name, "DDIM with eta \(chain.eta)") }
    try chain.validate(file, of: name)
    let clip = chain.clipSample ? Float(chain.clipRange ?? 1) : .infinity
    return VerificationCase(name) { chain.checks(schedule, target, clip: clip) }
  }
}

extension DeterministicChain {
  fileprivate func validate(_ file: SchedulerFile, of name: String) throws {
    guard (1...file.trainSteps).contains(timesteps.count) else {
      throw ReferenceError(
        "'\(name)' has \(timesteps.count) timesteps, where 1 to \(file.trainSteps) are expected")
    }
    for t in timesteps { try (0...file.trainSteps - 1).require(t, of: name) }
    for list in [modelOutput, predOriginal, x] {
      try requireCount(list.count, timesteps.count, "states", of: name)
    }
    for array in [xT] + modelOutput + predOriginal + x {
      try requireCount(array.numbers.count, file.count, "numbers in a state", of: name)
    }
  }

  fileprivate func checks(
    _ schedule: DiffusionSchedule, _ target: DiffusionTarget, clip: Float
  ) -> [VerificationCheck] {
    let stride = schedule.steps / timesteps.count
    let ours = schedule.timesteps(count: timesteps.count).map { $0 + stepsOffset }
    var checks = [
      TensorLimit.absolute(0).check("timesteps", ours.map(Double.init), timesteps.map(Double.init))
    ]
    var sample = xT.floats
    for (i, t) in timesteps.enumerated() {
      let output = modelOutput[i].floats
      let magnified = 1e-6 / schedule.cumulativeAlphas[t].squareRoot()
      checks.append(
        TensorLimit.absolute(max(1e-5, magnified)).check(
          "pred_original at \(t)", schedule.clean(target, sample, output, t: t, clip: clip),
          predOriginal[i].floats))
      let previous = t - stride
      output.withUnsafeBufferPointer { output in
        sample.withUnsafeMutableBufferPointer {
          schedule.ddimStep(
            from: t, to: previous < 0 && !setAlphaToOne ? 0 : previous, predicting: target,
            output: output, clip: clip, sample: $0)
        }
      }
      checks.append(
        TensorLimit.absolute(1e-5).check("state behind \(t)", sample, x[i].floats))
    }
    return checks
  }
}

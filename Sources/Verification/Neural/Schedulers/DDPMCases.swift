// Ancestral sampling: tables, noising, single steps, and a whole chain with its noise.

import PlanarNeuralNetworks

/// Limits: tables relative 1e-5, 1e-4 for the last two timesteps of the squared cosine; noising and velocity
/// 1e-5; a step as far off as single precision itself is, threefold, and at least 1e-5; a chain's states 3e-4.
func ancestralCases(_ file: SchedulerFile) throws -> [VerificationCase] {
  try file.ddpm.sorted { $0.key < $1.key }.map { key, set in
    let name = "ddpm/\(key)"
    guard let schedule = file.schedule(set.betaSchedule) else {
      return .unknown(name, "β schedule '\(set.betaSchedule)'")
    }
    guard let target = diffusionTargets[set.predictionType] else {
      return .unknown(name, "prediction type '\(set.predictionType)'")
    }
    let variances: [String: DiffusionVariance] = ["fixed_small": .posterior, "fixed_large": .beta]
    guard let variance = variances[set.varianceType] else {
      return .unknown(name, "variance type '\(set.varianceType)'")
    }
    try set.validate(file, of: name)
    let replay = AncestralReplay(
      set: set, schedule: schedule, target: target, variance: variance,
      clip: set.clipSample ? Float(set.clipRange ?? 1) : .infinity)
    return VerificationCase(name) { replay.checks() }
  }
}

extension AncestralSet {
  fileprivate func validate(_ file: SchedulerFile, of name: String) throws {
    try requireCount(betas.count, file.trainSteps, "betas", of: name)
    try requireCount(alphasCumprod.count, file.trainSteps, "alphas_cumprod", of: name)
    func require(_ arrays: [NestedNumbers], _ what: String) throws {
      for array in arrays { try requireCount(array.numbers.count, file.count, what, of: name) }
    }
    let times = 0...file.trainSteps - 1
    for mixture in addNoise + (velocity ?? []) {
      try times.require(mixture.t, of: name)
      try require([mixture.x0, mixture.noise, mixture.out], "numbers in add_noise")
    }
    for step in step {
      try times.require(step.t, of: name)
      try require(
        [step.sample, step.modelOutput, step.predOriginal, step.mean], "numbers in a step")
    }
    guard let chain else { return }
    for t in chain.t { try times.require(t, of: name) }
    try require([chain.xT] + chain.modelOutput + chain.noise + chain.x, "numbers in its chain")
    for list in [chain.modelOutput, chain.noise, chain.x] {
      try requireCount(list.count, chain.t.count, "states in its chain", of: name)
    }
  }
}

private struct AncestralReplay: Sendable {
  let set: AncestralSet
  let schedule: DiffusionSchedule
  let target: DiffusionTarget
  let variance: DiffusionVariance
  let clip: Float

  func checks() -> [VerificationCheck] {
    var checks = tableChecks()
    for mixture in set.addNoise {
      checks.append(
        TensorLimit.absolute(1e-5).check(
          "add_noise at \(mixture.t)", noised(mixture, .epsilon).noisy, mixture.out.floats))
    }
    for mixture in set.velocity ?? [] {
      checks.append(
        TensorLimit.absolute(1e-5).check(
          "velocity at \(mixture.t)", noised(mixture, .velocity).answer, mixture.out.floats))
    }
    for step in set.step { checks += stepChecks(step) }
    if let chain = set.chain { checks += chainChecks(chain) }
    return checks
  }

  private func tableChecks() -> [VerificationCheck] {
    // The last two of the squared cosine have a limit of their own.
    let end = set.betaSchedule == "squaredcos_cap_v2" ? max(0, set.betas.count - 2) : set.betas.count
    func compare(_ name: String, _ ours: [Double], _ reference: [Double]) -> [VerificationCheck] {
      func part(_ range: Range<Int>, _ what: String, _ limit: Double) -> [VerificationCheck] {
        range.isEmpty
          ? []
          : [
            TensorLimit.elementwise(absolute: 1e-30, relative: limit).check(
              what, Array(ours[range]), Array(reference[range]))
          ]
      }
      return part(0..<end, name, 1e-5) + part(end..<reference.count, name + ", last two", 1e-4)
    }
    return compare("betas", schedule.betas, set.betas)
      + compare("alphas_cumprod", schedule.cumulativeAlphas, set.alphasCumprod)
  }

  private func noised(
    _ mixture: AncestralSet.Mixture, _ target: DiffusionTarget
  ) -> (noisy: [Float], answer: [Float]) {
    let (clean, noise) = (mixture.x0.floats, mixture.noise.floats)
    var (noisy, answer) = (clean, clean)
    clean.withUnsafeBufferPointer { clean in
      noise.withUnsafeBufferPointer { noise in
        noisy.withUnsafeMutableBufferPointer { noisy in
          answer.withUnsafeMutableBufferPointer {
            schedule.addNoise(
              at: mixture.t, clean: clean, noise: noise, predicting: target, noisy: noisy, target: $0)
          }
        }
      }
    }
    return (noisy, answer)
  }

  private func stepped(_ sample: [Float], _ output: [Float], _ noise: [Float], t: Int) -> [Float] {
    var sample = sample
    output.withUnsafeBufferPointer { output in
      noise.withUnsafeBufferPointer { noise in
        sample.withUnsafeMutableBufferPointer {
          schedule.ddpmStep(
            from: t, predicting: target, output: output, noise: noise, variance: variance, clip: clip,
            sample: $0)
        }
      }
    }
    return sample
  }

  private func stepChecks(_ step: AncestralSet.Step) -> [VerificationCheck] {
    let (sample, output) = (step.sample.floats, step.modelOutput.floats)
    let clean = schedule.clean(target, sample, output, t: step.t, clip: clip)
    let still = [Float](repeating: 0, count: sample.count)
    let mean = stepped(sample, output, still, t: step.t)
    let errors = step.errVsFloat64
    return [
      TensorLimit.absolute(max(1e-5, 3 * errors.predOriginal)).check(
        "pred_original at \(step.t)", clean, step.predOriginal.floats),
      TensorLimit.absolute(max(1e-5, 3 * errors.mean)).check(
        "mean at \(step.t)", mean, step.mean.floats),
      check(
        "variance at \(step.t)", Double(schedule.stepVariance(at: step.t, variance)), step.variance,
        .relative(max(1e-5, 3 * errors.varianceRel))),
    ]
  }

  private func chainChecks(_ chain: AncestralSet.Chain) -> [VerificationCheck] {
    var sample = chain.xT.floats
    return chain.t.indices.map { i in
      sample = stepped(sample, chain.modelOutput[i].floats, chain.noise[i].floats, t: chain.t[i])
      return TensorLimit.absolute(3e-4).check(
        "chain behind \(chain.t[i])", sample, chain.x[i].floats)
    }
  }
}

extension DiffusionSchedule {
  /// x₀ as a model's output implies it.
  func clean(
    _ target: DiffusionTarget, _ sample: [Float], _ output: [Float], t: Int, clip: Float
  ) -> [Float] {
    var clean = sample
    sample.withUnsafeBufferPointer { sample in
      output.withUnsafeBufferPointer { output in
        clean.withUnsafeMutableBufferPointer {
          cleanSample(
            at: t, predicting: target, sample: sample, output: output, clip: clip, clean: $0)
        }
      }
    }
    return clean
  }
}

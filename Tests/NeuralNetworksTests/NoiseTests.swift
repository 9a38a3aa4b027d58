// Noise schedules and flow integrators. Most of diffusers' numbers are met in VerificationTests; here are the
// kinds that its reference files do not have, and what must hold in any case.

import Foundation
import PlanarNeuralNetworks
import PlanarCore
import Testing

@Suite struct NoiseTests {
  private func step(
    _ schedule: DiffusionSchedule, from t: Int, _ sample: [Float], _ output: [Float], noise: [Float],
    _ variance: DiffusionVariance, clip: Float
  ) -> [Float] {
    var sample = sample
    output.withUnsafeBufferPointer { output in
      noise.withUnsafeBufferPointer { noise in
        sample.withUnsafeMutableBufferPointer {
          schedule.ddpmStep(
            from: t, predicting: .epsilon, output: output, noise: noise, variance: variance,
            clip: clip, sample: $0)
        }
      }
    }
    return sample
  }

  /// diffusers 0.42.1: DDPMScheduler(50, 0.00085, 0.012, "scaled_linear", variance_type="fixed_large",
  /// clip_sample=False).
  @Test func scaledLinearWithLargeVarianceFollowsDiffusers() {
    let schedule = DiffusionSchedule(.scaledLinear, steps: 50, betaRange: 0.00085...0.012)
    func rounded(_ numbers: [Double], _ places: [Int]) -> [Float] { places.map { Float(numbers[$0]) } }
    #expect(
      rounded(schedule.betas, [0, 1, 24, 25, 49])
        == [0.00084999995, 0.00094835454, 0.004696269, 0.0049238196, 0.011999999])
    #expect(rounded(schedule.cumulativeAlphas, [0, 24, 49]) == [0.99915, 0.9387233, 0.76376325])
    for (t, expected) in [
      (30, [0.57382095, -2.0250406, 1.2582124]), (1, [0.52432704, -1.9939992, 1.2415274]),
      (0, [0.49146238, -1.971683, 1.2286559]),
    ] as [(Int, [Float])] {
      let ours = step(
        schedule, from: t, [0.5, -2, 1.25], [0.3, -1, 0.75], noise: [1, -0.5, 0.25], .beta,
        clip: .infinity)
      #expect(relativeError(ours, expected) < 2e-7, "t = \(t)")
    }
  }

  /// A model that knows the noise leads back to the clean sample, from any time and in any number of steps.
  @Test(arguments: DiffusionSchedule.Kind.allCases, DiffusionTarget.allCases)
  func theTruthLeadsBack(kind: DiffusionSchedule.Kind, target: DiffusionTarget) {
    let schedule = DiffusionSchedule(kind, steps: 80)
    let (clean, noise) = ([Float(0.3), -0.9, 0.7], [Float(-1.1), 0.4, 2])
    for count in [1, 8, 80] {
      let timesteps = schedule.timesteps(count: count)
      var (sample, answer) = (clean, clean)
      clean.withUnsafeBufferPointer { clean in
        noise.withUnsafeBufferPointer { noise in
          sample.withUnsafeMutableBufferPointer { sample in
            answer.withUnsafeMutableBufferPointer { answer in
              func mix(_ t: Int) {
                schedule.addNoise(
                  at: t, clean: clean, noise: noise, predicting: target, noisy: sample, target: answer)
              }
              mix(timesteps[0])
              for (i, t) in timesteps.enumerated() {
                // The sample stays on the line between clean and noise, so that the answer there is known.
                mix(t)
                schedule.ddimStep(
                  from: t, to: i + 1 < count ? timesteps[i + 1] : -1, predicting: target,
                  output: UnsafeBufferPointer(answer), sample: sample)
              }
            }
          }
        }
      }
      #expect(zip(sample, clean).allSatisfy { abs($0 - $1) < 1e-4 }, "\(count) steps: \(sample)")
    }
  }

  /// diffusers' `timestep_spacing`, by hand from its published formulas: leading is i·⌊T/n⌋; trailing round(T − i·T/n) − 1;
  /// linspace round(i·(T − 1)/(n − 1)); halves to the even neighbour, all from the noisiest.
  @Test func timestepsAreDiffusers() {
    let schedule = DiffusionSchedule(.squaredCosine, steps: 100)
    func steps(_ count: Int, _ spacing: TimestepSpacing) -> [Int] { schedule.timesteps(count: count, spacing: spacing) }
    #expect(steps(8, .leading) == [84, 72, 60, 48, 36, 24, 12, 0])
    // 100, 87.5, 75, 62.5, 50, 37.5, 25, 12.5, rounded to 100, 88, 75, 62, 50, 38, 25, 12.
    #expect(steps(8, .trailing) == [99, 87, 74, 61, 49, 37, 24, 11])
    // 0, 14.14, 28.29, 42.43, 56.57, 70.71, 84.86, 99.
    #expect(steps(8, .linspace) == [99, 85, 71, 57, 42, 28, 14, 0])
    #expect(steps(10, .leading) == [90, 80, 70, 60, 50, 40, 30, 20, 10, 0])
    #expect(steps(10, .trailing) == [99, 89, 79, 69, 59, 49, 39, 29, 19, 9])
    #expect(steps(10, .linspace) == [99, 88, 77, 66, 55, 44, 33, 22, 11, 0])
    // 100, 66.67, 33.33 and 0, 49.5, 99, of which the half goes to the even 50.
    #expect(
      steps(3, .trailing) == [99, 66, 32] && steps(3, .linspace) == [99, 50, 0] && steps(3, .leading) == [66, 33, 0])
    #expect(steps(1, .trailing) == [99] && steps(1, .leading) == [0] && steps(1, .linspace) == [0])
    // 100 − i·100/51 = 100, 98.04, 96.08, 94.12, …, 3.92, 1.96.
    #expect(
      Array(steps(51, .trailing).prefix(4)) == [99, 97, 95, 93] && Array(steps(51, .trailing).suffix(2)) == [3, 1])
    #expect(steps(51, .leading).first == 50)
    for spacing in TimestepSpacing.allCases { #expect(steps(100, spacing) == Array((0..<100).reversed())) }
  }

  /// Whatever the count: as many timesteps as were asked for, each noisier than the next, and by default none begins far
  /// from the noise that sampling starts with.
  @Test func everyCountOfStepsBeginsInNoise() {
    for total in [1, 7, 50, 100, 1_000] {
      let schedule = DiffusionSchedule(.squaredCosine, steps: total)
      for count in 1...min(total, 120) {
        for spacing in TimestepSpacing.allCases {
          let steps = schedule.timesteps(count: count, spacing: spacing)
          #expect(steps.count == count && zip(steps, steps.dropFirst()).allSatisfy { $0 > $1 })
          #expect(steps.allSatisfy { (0..<total).contains($0) })
        }
        let usual = TimestepSpacing.usual(of: total, count: count)
        #expect(10 * schedule.timesteps(count: count, spacing: usual)[0] >= 9 * total - 10)
      }
    }
    // Those of the shipped checkpoints.
    #expect(TimestepSpacing.usual(of: 100, count: 10) == .leading)
    #expect(TimestepSpacing.usual(of: 100, count: 51) == .trailing)
  }

  /// dx/dt = −x from 1: halving the step divides the error by 2, 4 and 4.
  @Test(arguments: zip(FlowIntegrator.allCases, [2.0, 4, 4]))
  func integratorsHaveTheirOrder(integrator: FlowIntegrator, ratio: Double) {
    func error(_ steps: Int) -> Double {
      var state = [1.0]
      var workspace = [Double](repeating: 0, count: 3)
      state.withUnsafeMutableBufferPointer { state in
        workspace.withUnsafeMutableBufferPointer {
          integrator.integrate(state, steps: steps, workspace: $0) { x, _, v in v[0] = -x[0] }
        }
      }
      return abs(state[0] - exp(-1))
    }
    #expect(abs(error(100) / error(200) / ratio - 1) < 0.02)
  }

  /// A field that is not defined at t = 1 is not asked there.
  @Test(arguments: FlowIntegrator.allCases)
  func anOpenEndIsNotReached(integrator: FlowIntegrator) {
    var state: [Float] = [1]
    var latest: Float = 0
    state.withUnsafeMutableBufferPointer {
      integrator.integrate(
        $0, steps: 4, workspace: FloatBuffer(count: 3), reachesEnd: false
      ) { _, t, v in
        latest = max(latest, t)
        v[0] = 1
      }
    }
    #expect(latest < 1 && abs(state[0] - 2) < 1e-6)
  }

  @Test func betaTimesStressTheNoisyEnd() {
    var stream = RandomStream(seed: 5)
    let times = (0..<20_000).map { _ in FlowMatching.time(.beta, &stream) }
    // u ~ Beta(1.5, 1) has mean 0.6 and variance 0.6·0.4/3.5.
    let mean = times.reduce(0, +) / Float(times.count)
    #expect(abs(mean - 0.999 * 0.4) < 0.006)
    #expect(times.allSatisfy { $0 >= 0 && $0 <= 0.999 })
    let below = Double(times.count { $0 < 0.999 * 0.5 }) / 20_000
    #expect(abs(below - (1 - pow(0.5, 1.5))) < 0.012)
  }
}

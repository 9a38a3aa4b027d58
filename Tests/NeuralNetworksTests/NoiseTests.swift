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

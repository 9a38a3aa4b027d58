// Noise schedules and flow integrators against diffusers' numbers.

import Foundation
import NeuralNetworks
import PlanarCore
import Testing

private struct Schedulers: Decodable {
  struct Mixed: Decodable {
    var t: Int
    var x0: [[Float]]
    var noise: [[Float]]
    var out: [[Float]]
  }
  struct Step: Decodable {
    struct Errors: Decodable {
      var mean: Float
      var pred_original: Float
    }
    var t: Int
    var sample: [[Float]]
    var model_output: [[Float]]
    var mean: [[Float]]
    var variance: Double
    var err_vs_float64: Errors
  }
  struct DDPM: Decodable {
    var beta_schedule: String
    var alphas_cumprod: [Double]
    var add_noise: [Mixed]
    var velocity: [Mixed]?
    var step: [Step]
  }
  struct DDIM: Decodable {
    var timesteps: [Int]
    var x_T: [[Float]]
    var model_output: [[[Float]]]
    var x: [[[Float]]]
  }
  struct Pair: Decodable {
    var t: Float
    var data: [Float]
    var noise: [Float]
    var x_t: [Float]
    var v: [Float]
  }
  struct Flow: Decodable {
    var pairs: [Pair]
    var a: [Float]
    var c: [Float]
    var q: [Float]
    var ph: [Float]
    var start: [Float]
    var steps: Int
    var euler: [[Float]]
    var midpoint: [[Float]]
    var heun: [[Float]]
  }
  var ddpm: [String: DDPM]
  var ddim: [String: DDIM]
  var flow: Flow

  static let reference: Schedulers = {
    let url = Bundle.module.url(
      forResource: "schedulers", withExtension: "json", subdirectory: "Resources")!
    return try! JSONDecoder().decode(Schedulers.self, from: Data(contentsOf: url))
  }()
}

private func kinds(_ name: String) -> (DiffusionSchedule.Kind, DiffusionTarget) {
  let target: DiffusionTarget =
    name.hasSuffix("_v") ? .velocity : name.hasSuffix("_sample") ? .sample : .epsilon
  return (name.hasPrefix("linear") ? .linear : .squaredCosine, target)
}

private let names = ["squaredcos_epsilon", "squaredcos_v", "squaredcos_sample", "linear_epsilon"]

@Suite struct NoiseTests {
  @Test(arguments: names)
  func diffusionTables(name: String) {
    let reference = Schedulers.reference.ddpm[name]!
    let schedule = DiffusionSchedule(kinds(name).0, steps: 100)
    for (t, expected) in reference.alphas_cumprod.enumerated() {
      let limit = t >= 98 ? 1e-4 : 1e-5
      #expect(abs(schedule.cumulativeAlphas[t] - expected) <= limit * expected, "t = \(t)")
    }
  }

  @Test(arguments: names)
  func noiseIsMixedIn(name: String) {
    let reference = Schedulers.reference.ddpm[name]!
    let (kind, target) = kinds(name)
    let schedule = DiffusionSchedule(kind, steps: 100)
    func mix(_ case: Schedulers.Mixed) -> (noisy: [Float], target: [Float]) {
      let clean = `case`.x0.flatMap { $0 }
      let noise = `case`.noise.flatMap { $0 }
      var noisy = clean
      var answer = clean
      clean.withUnsafeBufferPointer { clean in
        noise.withUnsafeBufferPointer { noise in
          noisy.withUnsafeMutableBufferPointer { noisy in
            answer.withUnsafeMutableBufferPointer { answer in
              schedule.addNoise(
                at: `case`.t, clean: clean, noise: noise, predicting: target, noisy: noisy,
                target: answer)
            }
          }
        }
      }
      return (noisy, answer)
    }
    for mixed in reference.add_noise {
      let ours = mix(mixed)
      #expect(zip(ours.noisy, mixed.out.flatMap { $0 }).allSatisfy { abs($0 - $1) < 1e-5 })
      if target == .sample { #expect(ours.target == mixed.x0.flatMap { $0 }) }
      if target == .epsilon { #expect(ours.target == mixed.noise.flatMap { $0 }) }
    }
    for mixed in reference.velocity ?? [] {
      #expect(zip(mix(mixed).target, mixed.out.flatMap { $0 }).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test(arguments: names)
  func ancestralSteps(name: String) {
    let (kind, target) = kinds(name)
    let schedule = DiffusionSchedule(kind, steps: 100)
    for step in Schedulers.reference.ddpm[name]!.step {
      func run(_ noise: Float) -> [Float] {
        var sample = step.sample.flatMap { $0 }
        let noise = [Float](repeating: noise, count: sample.count)
        step.model_output.flatMap { $0 }.withUnsafeBufferPointer { output in
          noise.withUnsafeBufferPointer { noise in
            sample.withUnsafeMutableBufferPointer {
              schedule.ddpmStep(
                from: step.t, predicting: target, output: output, noise: noise, sample: $0)
            }
          }
        }
        return sample
      }
      let mean = run(0)
      let limit = max(1e-5, 3 * step.err_vs_float64.mean)
      #expect(zip(mean, step.mean.flatMap { $0 }).allSatisfy { abs($0 - $1) < limit }, "\(step.t)")
      let spread = Float(step.variance.squareRoot())
      #expect(zip(run(1), mean).allSatisfy { abs($0 - $1 - spread) < 2e-3 * spread + 1e-6 })
    }
  }

  @Test(arguments: names)
  func deterministicChain(name: String) {
    let (kind, target) = kinds(name)
    let schedule = DiffusionSchedule(kind, steps: 100)
    let reference = Schedulers.reference.ddim[name]!
    let timesteps = schedule.timesteps(count: reference.timesteps.count)
    #expect(timesteps == reference.timesteps)
    var sample = reference.x_T.flatMap { $0 }
    for (i, t) in timesteps.enumerated() {
      reference.model_output[i].flatMap { $0 }.withUnsafeBufferPointer { output in
        sample.withUnsafeMutableBufferPointer {
          schedule.ddimStep(
            from: t, to: i + 1 < timesteps.count ? timesteps[i + 1] : -1, predicting: target,
            output: output, sample: $0)
        }
      }
      #expect(
        zip(sample, reference.x[i].flatMap { $0 }).allSatisfy { abs($0 - $1) < 1e-5 }, "t = \(t)")
    }
  }

  @Test func flowPath() {
    for pair in Schedulers.reference.flow.pairs {
      var noisy = pair.data
      var velocity = pair.data
      pair.data.withUnsafeBufferPointer { action in
        pair.noise.withUnsafeBufferPointer { noise in
          noisy.withUnsafeMutableBufferPointer { noisy in
            velocity.withUnsafeMutableBufferPointer {
              FlowMatching.interpolate(
                at: pair.t, action: action, noise: noise, noisy: noisy, target: $0)
            }
          }
        }
      }
      #expect(zip(noisy, pair.x_t).allSatisfy { abs($0 - $1) < 1e-5 })
      #expect(zip(velocity, pair.v).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test(arguments: FlowIntegrator.allCases)
  func integrators(integrator: FlowIntegrator) {
    let flow = Schedulers.reference.flow
    let expected =
      switch integrator {
      case .euler: flow.euler
      case .midpoint: flow.midpoint
      case .heun: flow.heun
      }
    var state = flow.start
    let count = state.count
    state.withUnsafeMutableBufferPointer { state in
      integrator.integrate(
        state, steps: flow.steps, workspace: FloatBuffer(count: 3 * count)
      ) { x, t, v in
        for i in 0..<count {
          v[i] =
            flow.a[i] * (flow.c[i] - x[i]) + flow.q[i] * sin(2 * Float.pi * t + flow.ph[i]) + 0.3
            * tanh(x[(i + 1) % count])
        }
      }
    }
    #expect(zip(state, expected[flow.steps]).allSatisfy { abs($0 - $1) < 1e-5 })
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

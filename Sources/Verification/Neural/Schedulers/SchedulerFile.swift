// schedulers.json: noise schedules and flow integrators.

import Foundation
import PlanarNeuralNetworks

struct SchedulerFile: Decodable {
  var shape: [Int]
  var trainSteps: Int
  var betaStart: Double
  var betaEnd: Double
  var ddpm: [String: AncestralSet]
  var ddim: [String: DeterministicChain]
  var flow: FlowSet

  /// How many numbers a sample has.
  var count: Int { shape.reduce(1, *) }

  /// The schedule of a set, nil where its kind is not known.
  func schedule(_ name: String) -> DiffusionSchedule? {
    let kinds: [String: DiffusionSchedule.Kind] = [
      "linear": .linear, "scaled_linear": .scaledLinear, "squaredcos_cap_v2": .squaredCosine,
    ]
    return kinds[name].map {
      DiffusionSchedule($0, steps: trainSteps, betaRange: betaStart...betaEnd)
    }
  }
}

/// Numbers in any depth of lists, flattened row by row.
struct NestedNumbers: Decodable, Sendable {
  let numbers: [Double]
  var floats: [Float] { numbers.map(Float.init) }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let row = try? container.decode([Double].self) {
      numbers = row
    } else {
      numbers = try container.decode([NestedNumbers].self).flatMap(\.numbers)
    }
  }
}

/// One scheduler of `ddpm`.
struct AncestralSet: Decodable, Sendable {
  struct Mixture: Decodable, Sendable {
    var t: Int
    var x0: NestedNumbers
    var noise: NestedNumbers
    var out: NestedNumbers
  }
  struct Step: Decodable, Sendable {
    struct Errors: Decodable, Sendable {
      var predOriginal: Double
      var mean: Double
      var varianceRel: Double
    }
    var t: Int
    var sample: NestedNumbers
    var modelOutput: NestedNumbers
    var predOriginal: NestedNumbers
    var mean: NestedNumbers
    var variance: Double
    var errVsFloat64: Errors
  }
  struct Chain: Decodable, Sendable {
    var xT: NestedNumbers
    var t: [Int]
    var modelOutput: [NestedNumbers]
    var noise: [NestedNumbers]
    var x: [NestedNumbers]
  }
  var betaSchedule: String
  var predictionType: String
  var clipSample: Bool
  var clipRange: Double?
  var varianceType: String
  var betas: [Double]
  var alphasCumprod: [Double]
  var addNoise: [Mixture]
  var velocity: [Mixture]?
  var step: [Step]
  var chain: Chain?
}

/// One scheduler of `ddim`.
struct DeterministicChain: Decodable, Sendable {
  var betaSchedule: String
  var predictionType: String
  var eta: Double
  var clipSample: Bool
  var clipRange: Double?
  var setAlphaToOne: Bool
  var stepsOffset: Int
  var timestepSpacing: String
  var timesteps: [Int]
  var xT: NestedNumbers
  var modelOutput: [NestedNumbers]
  var predOriginal: [NestedNumbers]
  var x: [NestedNumbers]
}

/// A velocity field, and states along it.
struct FlowSet: Decodable, Sendable {
  struct Pair: Decodable, Sendable {
    var t: Double
    var data: [Double]
    var noise: [Double]
    var xT: [Double]
    var v: [Double]
  }
  var pairs: [Pair]
  var a: [Double]
  var c: [Double]
  var q: [Double]
  var ph: [Double]
  var start: [Double]
  var steps: Int
  var euler: [[Double]]
  var midpoint: [[Double]]
  var heun: [[Double]]
}

let diffusionTargets: [String: DiffusionTarget] = [
  "epsilon": .epsilon, "sample": .sample, "v_prediction": .velocity,
]

extension ClosedRange<Int> {
  /// Says where a timestep is outside.
  func require(_ t: Int, of name: String) throws {
    guard contains(t) else {
      throw ReferenceError("'\(name)' has timestep \(t), outside \(lowerBound) to \(upperBound)")
    }
  }
}

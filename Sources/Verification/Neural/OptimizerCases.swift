// optim.json and optim.safetensors: optimizers on a small function, the rate schedule, the weight average.

import Foundation
import PlanarNeuralNetworks

private struct OptimizerFile: Decodable {
  struct Toy: Decodable {
    var n: Int
    var k: Double
  }
  struct Case: Decodable {
    var kind: String
    var lr: Double
    var momentum: Double?
    var betas: [Double]?
    var eps: Double?
    var weightDecay: Double?
    var clipMaxNorm: Double?
  }
  struct Schedule: Decodable {
    var warmup: Int
    var total: Int
  }
  struct Average: Decodable {
    var power: Double
    var invGamma: Double
    var minValue: Double
    var maxValue: Double
    var calls: Int
  }
  var toy: Toy
  var steps: [Int]
  var cases: [String: Case]
  var schedule: Schedule
  var ema: Average
}

/// Σ ½a(θ − c)² + b·sin(wθ) over all numbers, + k·Σ θᵢθᵢ₊₁: what the optimizers minimise.
private struct Toy: Sendable {
  let start: [Float]
  let a, b, c, w: [Float]
  let k: Double

  init(_ toy: OptimizerFile.Toy, _ tensors: ReferenceTensors) throws {
    guard toy.n >= 2 else { throw ReferenceError("its toy has \(toy.n) numbers, where two are the least") }
    func read(_ name: String) throws -> [Float] { try tensors.floats("toy." + name, shape: [toy.n]).numbers }
    (start, k) = (try read("theta0"), toy.k)
    (a, b, c, w) = (try read("a"), try read("b"), try read("c"), try read("w"))
  }

  /// Writes the gradient, and gives the value.
  func differentiate(_ theta: [Float], into gradient: inout [Float]) -> Double {
    var value = 0.0
    for i in theta.indices {
      let (x, a, b) = (Double(theta[i]), Double(a[i]), Double(b[i]))
      let (c, w) = (Double(c[i]), Double(w[i]))
      let before = i > 0 ? Double(theta[i - 1]) : 0
      let behind = i + 1 < theta.count ? Double(theta[i + 1]) : 0
      value += 0.5 * a * (x - c) * (x - c) + b * sin(w * x) + k * x * behind
      gradient[i] = Float(a * (x - c) + b * w * cos(w * x) + k * (before + behind))
    }
    return value
  }
}

/// What the steps of a case are compared with.
private struct OptimizerReplay: Sendable {
  let toy: Toy
  /// θ after these steps.
  var weights: [Int: [Float]] = [:]
  /// The average after these steps.
  var averages: [Int: [Float]] = [:]
  var averageDecay = WeightAverage.Decay.power()
  let losses: [Float]
  let norms: [Float]
  let makeOptimizer: @Sendable (ParameterLayout) -> any Optimizer

  func checks() -> [VerificationCheck] {
    // Two tensors with one common norm.
    let count = toy.start.count
    var layout = ParameterLayout()
    let parts = [
      layout.add("first", [count - count / 2], .zeros, decays: true),
      layout.add("last", [count / 2], .zeros, decays: true),
    ]
    let indices = parts.flatMap { part in (0..<part.count).map { part.offset + $0 } }
    let weights = FloatBuffer(count: layout.bufferCount)
    let gradient = FloatBuffer(count: layout.bufferCount)
    for (index, number) in zip(indices, toy.start) { weights[index] = number }
    let optimizer = makeOptimizer(layout)
    let average = WeightAverage(of: weights, decay: averageDecay)
    var (ourLosses, ourNorms): ([Float], [Float]) = ([], [])
    var slope = toy.start
    var checks: [VerificationCheck] = []
    for step in 1...losses.count {
      let loss = toy.differentiate(indices.map { weights[$0] }, into: &slope)
      for (index, number) in zip(indices, slope) { gradient[index] = number }
      ourLosses.append(Float(loss))
      ourNorms.append(optimizer.step(weights: weights, gradient: gradient))
      average.update(with: weights)
      let limit = TensorLimit.relative(1e-5)
      if let reference = self.weights[step] {
        checks.append(limit.check("theta.step\(step)", indices.map { weights[$0] }, reference))
      }
      if let reference = averages[step] {
        checks.append(
          limit.check("ema.theta.step\(step)", indices.map { average.values[$0] }, reference))
      }
    }
    return checks + [
      TensorLimit.relative(1e-5).check("loss", ourLosses, losses),
      TensorLimit.relative(1e-5).check("grad_norm", ourNorms, norms),
    ]
  }
}

/// One case an optimizer, one for the rate schedule, one for the weight average's decay.
///
/// - Throws: `UserError` naming the file and the entry in it.
func optimizerCases(json: URL, tensors: URL) throws -> [VerificationCase] {
  try readingReference(json, generator: "make_nn.py") {
    let file = try decodeReference(OptimizerFile.self, from: Data(contentsOf: json))
    let tensors = try ReferenceTensors(tensors)
    let toy = try Toy(file.toy, tensors)
    guard let last = file.steps.max(), file.steps.allSatisfy({ (1...100_000).contains($0) }) else {
      throw ReferenceError("its 'steps' are not a list of counts from 1 to 100000")
    }
    guard !file.cases.isEmpty else { throw ReferenceError("it holds no cases") }
    let decay = WeightAverage.Decay.power(
      file.ema.power, inverseGamma: file.ema.invGamma, minimum: file.ema.minValue,
      maximum: file.ema.maxValue)
    var cases: [VerificationCase] = []
    for (name, entry) in file.cases.sorted(by: { $0.key < $1.key }) {
      guard let makeOptimizer = try optimizer(name, entry) else {
        cases.append(.unknown("optim/\(name)", "optimizer of the kind '\(entry.kind)'"))
        continue
      }
      var replay = OptimizerReplay(
        toy: toy, losses: try tensors.floats(name + ".loss", shape: [last]).numbers,
        norms: try tensors.floats(name + ".grad_norm", shape: [last]).numbers,
        makeOptimizer: makeOptimizer)
      replay.averageDecay = decay
      for step in file.steps {
        let shape: [Int?] = [file.toy.n]
        replay.weights[step] = try tensors.floats("\(name).theta.step\(step)", shape: shape).numbers
        if name == "adamw.noclip" {
          replay.averages[step] = try tensors.floats("ema.theta.step\(step)", shape: shape).numbers
        }
      }
      let ready = replay
      cases.append(VerificationCase("optim/\(name)") { ready.checks() })
    }
    cases.append(try scheduleCase(file.schedule, tensors))
    let decays = try tensors.floats("ema.decay", shape: [file.ema.calls]).numbers
    cases.append(
      VerificationCase("optim/ema") {
        let ours = decays.indices.map { decay.value(atUpdate: $0) }
        return [TensorLimit.absolute(1e-6).check("decay", ours, decays)]
      })
    return cases
  }
}

/// Nil for a kind that is not known.
private func optimizer(
  _ name: String, _ entry: OptimizerFile.Case
) throws -> (@Sendable (ParameterLayout) -> any Optimizer)? {
  func need(_ value: Double?, _ key: String) throws -> Float {
    guard let value else { throw ReferenceError("its case '\(name)' has no '\(key)'") }
    return Float(value)
  }
  let rate = Float(entry.lr)
  let limit = Float(entry.clipMaxNorm ?? 0)
  if entry.kind == "sgd" {
    let configuration = SGD.Configuration(
      learningRate: rate, momentum: try need(entry.momentum, "momentum"), maximumGradientNorm: limit)
    return { SGD(layout: $0, configuration: configuration) }
  }
  guard entry.kind == "adam" || entry.kind == "adamw" else { return nil }
  guard let betas = entry.betas, betas.count == 2, betas.allSatisfy({ (0..<1).contains($0) }) else {
    throw ReferenceError("its case '\(name)' has no two 'betas' in 0 ..< 1")
  }
  let epsilon = try need(entry.eps, "eps")
  guard epsilon > 0 else { throw ReferenceError("its case '\(name)' has an 'eps' that is not positive") }
  if entry.kind == "adam" {
    return {
      Adam(
        layout: $0, learningRate: rate, beta1: Float(betas[0]), beta2: Float(betas[1]), epsilon: epsilon,
        maximumGradientNorm: limit)
    }
  }
  let configuration = AdamW.Configuration(
    learningRate: rate, beta1: Float(betas[0]), beta2: Float(betas[1]), epsilon: epsilon,
    weightDecay: try need(entry.weightDecay, "weight_decay"), maximumGradientNorm: limit)
  return { AdamW(layout: $0, configuration: configuration) }
}

private func scheduleCase(
  _ schedule: OptimizerFile.Schedule, _ tensors: ReferenceTensors
) throws -> VerificationCase {
  guard schedule.warmup >= 0, schedule.total > 0 else {
    throw ReferenceError("its schedule has \(schedule.warmup) steps of warm-up of \(schedule.total)")
  }
  let reference = try tensors.floats("schedule.cosine.lr_mult", shape: [schedule.total]).numbers
  let ours = WarmupCosineSchedule(warmupSteps: schedule.warmup, totalSteps: schedule.total)
  return VerificationCase("optim/schedule.cosine") {
    [
      TensorLimit.absolute(1e-6).check(
        "lr_mult", reference.indices.map { ours.multiplier(step: $0) }, reference)
    ]
  }
}

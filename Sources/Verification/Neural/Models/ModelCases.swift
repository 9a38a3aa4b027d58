// models.json and models.safetensors: whole networks forward, backward and through five updates.

import Foundation
import PlanarNeuralNetworks
import PlanarCore

/// Three cases a network. Limits: what stands between the parts, output and gradients relative 1e-4, the first
/// loss 1e-5, later ones 1e-4; after the updates single weights 1e-6, norms of weights relative 1e-5, norms of
/// their changes 1e-3.
///
/// - Throws: `UserError` naming the file and the entry in it.
func modelCases(json: URL, tensors: URL) throws -> [VerificationCase] {
  try readingReference(json, generator: "make_nn.py") {
    let file = try decodeReference(ModelFile.self, from: Data(contentsOf: json))
    guard !file.models.isEmpty else { throw ReferenceError("it holds no models") }
    try file.adamw.validate()
    let tensors = try ReferenceTensors(tensors)
    return try file.models.sorted { $0.key < $1.key }.flatMap { name, entry in
      guard let kind = modelKinds[name] else {
        return [VerificationCase.unknown("models/\(name)", "network '\(name)'")]
      }
      let replay: ModelReplay
      do {
        let reader = ModelReader(name: name, entry: entry, tensors: tensors)
        replay = try ModelReplay(reader, kind(reader), file.adamw)
      } catch let error as ReferenceError {
        throw ReferenceError("model '\(name)': " + error.message)
      }
      return [
        VerificationCase("models/\(name)/forward") { replay.forwardChecks() },
        VerificationCase("models/\(name)/gradients") { replay.gradientChecks() },
        VerificationCase("models/\(name)/updates") { replay.updateChecks() },
      ]
    }
  }
}

extension ModelFile.Optimizer {
  fileprivate func validate() throws {
    guard betas.count == 2, betas.allSatisfy({ (0..<1).contains($0) }), eps > 0,
      (1...10_000).contains(steps)
    else {
      throw ReferenceError("its 'adamw' has betas \(betas), eps \(eps) and \(steps) steps")
    }
  }
}

/// A network with its reference read whole.
private struct ModelReplay: Sendable {
  let entry: ModelEntry
  let plan: ModelPlan
  let optimizer: AdamW.Configuration
  let weights: [String: ReferenceTensor]
  let gradients: [String: ReferenceTensor]
  let between: [String: ReferenceTensor]
  let output: ReferenceTensor
  /// Where each sample weight lies among its tensor's numbers.
  let sampleIndices: [Int]

  init(_ reader: ModelReader, _ plan: ModelPlan, _ adamw: ModelFile.Optimizer) throws {
    let entry = reader.entry
    (self.entry, self.plan) = (entry, plan)
    optimizer = AdamW.Configuration(
      learningRate: try entry.config.positive("lr"), beta1: Float(adamw.betas[0]),
      beta2: Float(adamw.betas[1]), epsilon: Float(adamw.eps), weightDecay: Float(adamw.weightDecay),
      maximumGradientNorm: 0)
    guard entry.losses.values.count == adamw.steps + 1 else {
      throw ReferenceError("it has \(entry.losses.values.count) losses, where \(adamw.steps + 1) are expected")
    }
    var weights: [String: ReferenceTensor] = [:]
    var gradients: [String: ReferenceTensor] = [:]
    for (name, shape) in entry.parameters.map({ ($0.name, $0.shape) }) {
      guard let part = plan.parameters[name] else {
        throw ReferenceError("it has a parameter '\(name)' that a network of its config does not have")
      }
      guard part.shape == shape else {
        throw ReferenceError("its parameter '\(name)' has shape \(shape), where its config asks for \(part.shape)")
      }
      weights[name] = try reader.tensors.floats("\(reader.name).param.\(name)", shape: shape.map { $0 })
      gradients[name] = try reader.tensors.floats("\(reader.name).grad.\(name)", shape: shape.map { $0 })
    }
    if let name = plan.parameters.keys.sorted().first(where: { weights[$0] == nil }) {
      throw ReferenceError("it lacks the parameter '\(name)'")
    }
    for list in [entry.weightL2After, entry.updateL2] {
      if let name = list.keys.sorted().first(where: { weights[$0] == nil }) {
        throw ReferenceError("it has a norm of '\(name)', which is no parameter")
      }
    }
    sampleIndices = try entry.sampleWeights.map { sample in
      guard let shape = weights[sample.tensor]?.shape, shape.count == sample.index.count,
        zip(sample.index, shape).allSatisfy({ $0 >= 0 && $0 < $1 })
      else { throw ReferenceError("it has no weight \(sample.index) of '\(sample.tensor)'") }
      return zip(sample.index, shape).reduce(0) { $0 * $1.1 + $1.0 }
    }
    let prefix = reader.name + ".mid."
    var between: [String: ReferenceTensor] = [:]
    for name in reader.tensors.file.names where name.hasPrefix(prefix) {
      between[String(name.dropFirst(prefix.count))] = try reader.tensors.floats(name)
    }
    output = try reader.tensors.floats(reader.name + ".out", shape: entry.outShape.map { $0 })
    (self.weights, self.gradients, self.between) = (weights, gradients, between)
  }

  private func store() -> ParameterStore {
    let store = ParameterStore(layout: plan.layout, seed: 0)
    for (name, tensor) in weights { store.set(plan.parameters[name]!, to: tensor.numbers) }
    return store
  }

  func forwardChecks() -> [VerificationCheck] {
    let tape = Tape(recording: true)
    tape.begin(weights: store().values)
    var found: [String: [Float]] = [:]
    let (result, loss) = plan.record(tape) { name, tensor in
      let numbers = tape.array(tensor)
      guard let reference = between[name], reference.count == numbers.count else { return }
      found[name] =
        plan.isChannelsFirst && reference.shape.count > 2
        ? Arrangement.channelsLast(rank: reference.shape.count).undo(numbers, original: reference.shape)
        : numbers
    }
    let limit = TensorLimit.relative(1e-4)
    return between.sorted { $0.key < $1.key }.map { name, reference in
      limit.check("mid.\(name)", found[name] ?? [], reference.numbers)
    } + [
      limit.check("out", tape.array(result), output.numbers),
      check("loss", Double(loss), entry.losses.values[0], .relative(1e-5)),
    ]
  }

  func gradientChecks() -> [VerificationCheck] {
    let tape = Tape(recording: true)
    let sums = FloatBuffer(count: plan.layout.bufferCount)
    tape.begin(weights: store().values, gradients: sums)
    _ = plan.record(tape) { _, _ in }
    tape.backward()
    return entry.parameters.map { parameter in
      let isZero = entry.zeroGradient.tensors.contains(parameter.name)
      return (isZero ? TensorLimit.absolute(1e-5) : .relative(1e-4)).check(
        "grad.\(parameter.name)",
        plan.layout.numbers(of: plan.parameters[parameter.name]!, in: sums),
        gradients[parameter.name]!.numbers)
    }
  }

  func updateChecks() -> [VerificationCheck] {
    // AdamW makes full-size updates of gradients that are nothing but rounding, and a loss with a kink turns the
    // sign of a gradient: where the file says that single precision has cost PyTorch itself more than a third of
    // a limit, three times that cost is the limit, as for the schedulers' steps.
    let cost = entry.errVsFloat64
    let run = train()
    var checks = run.losses.indices.dropFirst().map { step in
      let reference = entry.losses.values[step]
      let lossCost = reference == 0 ? 0 : 3 * (cost?.losses ?? 0) / abs(reference)
      return check(
        "loss behind update \(step)", Double(run.losses[step]), reference, .relative(max(1e-4, lossCost)))
    }
    for (index, sample) in zip(sampleIndices, entry.sampleWeights) {
      checks.append(
        check(
          "weight \(sample.index) of \(sample.tensor)", Double(run.weights[sample.tensor]![index]),
          sample.after, .absolute(max(1e-6, 3 * (cost?.sampleWeights ?? 0)))))
    }
    for (name, reference) in entry.weightL2After.sorted(by: { $0.key < $1.key }) {
      let limit = max(1e-5, 3 * (cost?.weightL2Rel ?? 0))
      checks.append(
        check("norm of \(name)", norm(run.weights[name]!), reference, .relative(limit)))
    }
    for (name, reference) in entry.updateL2.sorted(by: { $0.key < $1.key }) {
      let limit = max(1e-3, 3 * (cost?.updateL2Rel ?? 0))
      checks.append(
        check("norm of the change of \(name)", changeNorm(of: name, run), reference, .relative(limit)))
    }
    return checks
  }

  private func changeNorm(of name: String, _ run: Training) -> Double {
    norm(zip(run.weights[name]!, weights[name]!.numbers).map { $0 - $1 })
  }

  /// What the updates leave behind.
  private struct Training {
    /// Before each update and behind the last.
    var losses: [Float] = []
    var weights: [String: [Float]] = [:]
  }

  private func train() -> Training {
    let store = store()
    let tape = Tape(recording: true)
    let sums = FloatBuffer(count: plan.layout.bufferCount)
    // PyTorch lets every parameter decay.
    let adamW = AdamW(layout: plan.layout, configuration: optimizer) { _ in true }
    var run = Training()
    for step in entry.losses.values.indices {
      sums.fill(with: 0)
      tape.begin(weights: store.values, gradients: sums)
      run.losses.append(plan.record(tape) { _, _ in }.loss)
      if step + 1 == entry.losses.values.count { break }
      tape.backward()
      adamW.step(weights: store.values, gradient: sums)
    }
    for (name, part) in plan.parameters {
      run.weights[name] = plan.layout.numbers(of: part, in: store.values)
    }
    return run
  }
}

private func norm(_ numbers: [Float]) -> Double {
  numbers.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
}

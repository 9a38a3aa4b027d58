// The decoder at inference: one cached context, asked K times, nothing allocated per run.

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

/// Estimates clean chunks from noisy ones for a batch whose context is fixed.
public final class Denoiser {
  private let loss: NoisyLoss
  private let setting: SamplerSetting
  private let chunkCount: Int
  private var decoder: any ActionDecoder { loss.decoder }
  private var context: Tensor?
  private var unconditional: Tensor?
  /// The time's part, for every time met so far: the same few at every chunk.
  private var timeParts: [Float: FloatBuffer] = [:]
  /// Three chunks of every row, for integrators and noise.
  public let workspace: FloatBuffer
  private var continuations: [ChunkContinuation?]
  private var isContinuing = false
  /// Rows to which the decoder gave an answer that is no possible one since `begin`.
  private var unsound: [Bool]
  private var gradientTape: Tape?
  private let method: Inpainting.Method
  /// Is shown every sample `[batch, horizon · action]` that the decoder is asked about; nil where nobody looks.
  var watcher: ((UnsafeBufferPointer<Float>) -> Void)?

  /// - Parameters:
  ///   - loss: what the decoder was trained by.
  ///   - setting: of the sampler that this serves.
  public init(_ loss: NoisyLoss, _ setting: SamplerSetting) {
    self.loss = loss
    self.setting = setting
    chunkCount = loss.horizon * loss.action
    workspace = FloatBuffer(count: 3 * setting.batch * chunkCount)
    continuations = Array(repeating: nil, count: setting.batch)
    unsound = Array(repeating: false, count: setting.batch)
    method = setting.inpainting.method ?? (loss.prefixMaskChannels > 0 ? .trained : .guidance)
  }

  /// Fixes the contexts, on the sampler's tape, and what is to be continued.
  public func begin(context: Tensor, unconditional: Tensor?, requests: [PolicyRequest]) {
    self.context = decoder.contextPart(context, on: setting.tape)
    self.unconditional = unconditional.map { decoder.contextPart($0, on: setting.tape) }
    isContinuing = false
    for i in unsound.indices { unsound[i] = false }
    for i in continuations.indices {
      continuations[i] = i < requests.count ? requests[i].continuation : nil
      isContinuing = isContinuing || continuations[i] != nil
    }
  }

  /// The clean chunks that the decoder makes of `sample`, `[batch, horizon · action]`, all at one noise level.
  public func estimate(
    _ sample: UnsafeBufferPointer<Float>, at level: NoiseLevel,
    to clean: UnsafeMutableBufferPointer<Float>
  ) {
    guard let context else { preconditionFailure("the denoiser has no context yet") }
    precondition(
      sample.count == setting.batch * chunkCount && clean.count == sample.count,
      "denoiser: \(sample.count) and \(clean.count) numbers are not \(setting.batch) chunks")
    watcher?(sample)
    let guides = isContinuing && method != .trained
    if guides, method == .guidance {
      guide(sample, at: level, context: context, to: clean)
      return
    }
    ask(sample, at: level, context: context) { answer in
      for i in clean.indices {
        clean[i] = level.sampleFactor * sample[i] + level.outputFactor * answer[i]
      }
    }
    if let unconditional {
      ask(sample, at: level, context: unconditional) { answer in
        for i in clean.indices {
          let without = level.sampleFactor * sample[i] + level.outputFactor * answer[i]
          clean[i] = without + setting.guidanceScale * (clean[i] - without)
        }
      }
    }
    if guides {
      let weight = guidanceWeight(level)
      forEachResidual(of: clean) { index, error in clean[index] += weight * error }
    }
  }

  /// Puts what will have been executed of the previous chunks at the new ones' beginnings.
  public func keepExecuted(in chunks: UnsafeMutableBufferPointer<Float>) {
    guard isContinuing else { return }
    for (row, continuation) in continuations.enumerated() {
      guard let continuation else { continue }
      for i in 0..<min(continuation.frozenSteps, continuation.previous.horizon) * loss.action {
        chunks[row * chunkCount + i] = continuation.previous.values[i]
      }
    }
  }

  /// Puts what is no number into the rows whose answers were impossible: steps towards clean chunks clamp them, and
  /// nobody would see it.
  public func spoilUnsound(_ chunks: UnsafeMutableBufferPointer<Float>) {
    for row in unsound.indices where unsound[row] { spoil(row, of: chunks, batch: setting.batch) }
  }

  private func note(_ answer: UnsafeMutableBufferPointer<Float>) {
    guard !SoundAnswers.areSound(UnsafeBufferPointer(answer)) else { return }
    for row in unsound.indices {
      let own = answer[row * chunkCount..<(row + 1) * chunkCount]
      if !SoundAnswers.areSound(UnsafeBufferPointer(rebasing: own)) {
        unsound[row] = true
      }
    }
  }

  // MARK: Running the decoder

  private func ask(
    _ sample: UnsafeBufferPointer<Float>, at level: NoiseLevel, context: Tensor,
    _ body: (UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    let tape = setting.tape
    let mark = tape.mark
    let input = tape.input(inputShape) { fill($0, with: sample, scale: level.inputScale) }
    let time = timePart(level.time, on: tape)
    tape.withValues(of: decoder.run(input, context: context, time: time, draws: 1, on: tape)) { answer in
      note(answer)
      body(answer)
    }
    tape.release(to: mark)
  }

  private var inputShape: Shape {
    Shape(setting.batch, loss.horizon * (loss.action + loss.prefixMaskChannels))
  }

  /// The decoder's input: the scaled sample, and where the head was trained with delays, the prefix in place of its steps.
  private func fill(
    _ input: UnsafeMutableBufferPointer<Float>, with sample: UnsafeBufferPointer<Float>, scale: Float
  ) {
    guard loss.prefixMaskChannels > 0 else {
      for i in input.indices { input[i] = scale * sample[i] }
      return
    }
    let width = loss.action + 1
    for row in 0..<setting.batch {
      let prefix = method == .trained ? continuations[row] : nil
      let count = prefix.map { min($0.frozenSteps, $0.previous.horizon, loss.largestDelay) } ?? 0
      for step in 0..<loss.horizon {
        let index = (row * loss.horizon + step) * width
        for i in 0..<loss.action {
          input[index + i] =
            step < count
            ? prefix!.previous.values[step * loss.action + i]
            : scale * sample[row * chunkCount + step * loss.action + i]
        }
        input[index + loss.action] = step < count ? 1 : 0
      }
    }
  }

  /// The time's part for all rows alike, `[batch, …]`.
  private func timePart(_ time: Float, on tape: Tape) -> Tensor {
    let row: FloatBuffer
    if let known = timeParts[time] {
      row = known
    } else {
      let mark = setting.tape.mark
      let part = decoder.timePart(setting.tape.input(Shape(1), [time]), on: setting.tape)
      row = FloatBuffer(setting.tape.array(part))
      setting.tape.release(to: mark)
      timeParts[time] = row
    }
    return tape.input(Shape(setting.batch, row.count)) { target in
      row.withNumbers { row in
        for i in 0..<setting.batch {
          (target.baseAddress! + i * row.count).update(from: row.baseAddress!, count: row.count)
        }
      }
    }
  }

  // MARK: Guidance by the previous chunk

  /// (s² + n²)/s, at most β·n: for flow, (1 − t) times the paper's min(β, (1 − t)/t · (t² + (1 − t)²)/(1 − t)²), as
  /// clean = x + (1 − t)·v; for diffusion the same of its signal and noise.
  private func guidanceWeight(_ level: NoiseLevel) -> Float {
    let most = setting.inpainting.maximumWeight * level.noise
    guard level.signal > 0 else { return most }
    let (s, n) = (level.signal, level.noise)
    return min(most, (s * s + n * n) / s)
  }

  /// Weighted differences of the clean chunks from the previous ones.
  private func forEachResidual(
    of clean: UnsafeMutableBufferPointer<Float>, _ body: (_ index: Int, _ error: Float) -> Void
  ) {
    for (row, continuation) in continuations.enumerated() {
      guard let continuation else { continue }
      for step in 0..<min(loss.horizon, continuation.previous.horizon) {
        let weight = continuation.weight(ofStep: step)
        guard weight > 0 else { continue }
        for i in 0..<loss.action {
          let index = row * chunkCount + step * loss.action + i
          body(index, weight * (continuation.previous.values[step * loss.action + i] - clean[index]))
        }
      }
    }
  }

  /// The same as `estimate` by the exact vector-Jacobian product of the clean chunk by the sample.
  private func guide(
    _ sample: UnsafeBufferPointer<Float>, at level: NoiseLevel, context: Tensor,
    to clean: UnsafeMutableBufferPointer<Float>
  ) {
    let tape = gradientTape ?? Tape(recording: true)
    gradientTape = tape
    tape.begin(weights: setting.weights)
    let contextNumbers = setting.tape.array(context)
    let withoutNumbers = unconditional.map { setting.tape.array($0) }
    var numbers = [Float](repeating: 0, count: inputShape.count)
    numbers.withUnsafeMutableBufferPointer { fill($0, with: sample, scale: level.inputScale) }
    let input = tape.variable(inputShape, numbers)
    let time = timePart(level.time, on: tape)
    let answer = decoder.run(
      input, context: tape.input(context.shape, contextNumbers), time: time, draws: 1, on: tape)
    var output = answer
    if let withoutNumbers {
      let without = decoder.run(
        input, context: tape.input(context.shape, withoutNumbers), time: time, draws: 1, on: tape)
      let scale = setting.guidanceScale
      output = tape.add(
        tape.multiply(answer, tape.input(answer.shape) { $0.update(repeating: scale) }),
        tape.multiply(without, tape.input(answer.shape) { $0.update(repeating: 1 - scale) }))
    }
    tape.withValues(of: output) { answer in
      note(answer)
      for i in clean.indices {
        clean[i] = level.sampleFactor * sample[i] + level.outputFactor * answer[i]
      }
    }
    var errors = [Float](repeating: 0, count: clean.count)
    forEachResidual(of: clean) { index, error in errors[index] = error }
    tape.backward(from: output, gradient: errors)
    let gradient = tape.gradientArray(input)
    let weight = guidanceWeight(level)
    let (horizon, action, prefixMaskChannels) = (loss.horizon, loss.action, loss.prefixMaskChannels)
    for row in 0..<setting.batch {
      for step in 0..<horizon {
        for i in 0..<action {
          let index = row * chunkCount + step * action + i
          let through = gradient[(row * horizon + step) * (action + prefixMaskChannels) + i]
          clean[index] +=
            weight
            * (level.sampleFactor * errors[index]
              + level.outputFactor * level.inputScale * through)
        }
      }
    }
  }
}

/// A sampler that starts from noise and whose answers a student can learn.
public protocol NoiseSampler: ChunkSampler {
  /// The decoder at inference.
  var denoiser: Denoiser { get }
  /// Turns noise `[batch, horizon · action]` into chunks, after `denoiser.begin`.
  func denoise(_ chunks: UnsafeMutableBufferPointer<Float>, requests: inout [PolicyRequest])
}

extension NoiseSampler {
  /// Draws noise for each request's row, denoises it, and keeps what will have been executed.
  public func sample(
    _ context: Tensor, unconditional: Tensor?, requests: inout [PolicyRequest],
    into chunks: UnsafeMutableBufferPointer<Float>
  ) {
    denoiser.begin(context: context, unconditional: unconditional, requests: requests)
    fillWithNoise(chunks, &requests)
    denoise(chunks, requests: &requests)
    denoiser.keepExecuted(in: chunks)
    denoiser.spoilUnsound(chunks)
  }

  /// Standard normal numbers, each row's from its own request; zeros for padding.
  public func fillWithNoise(
    _ chunks: UnsafeMutableBufferPointer<Float>, _ requests: inout [PolicyRequest]
  ) {
    let count = chunks.count / denoiser.batch
    for i in chunks.indices {
      let row = i / count
      chunks[i] = row < requests.count ? Float(requests[row].noise.normal()) : 0
    }
  }
}

extension Denoiser {
  /// Rows of every batch.
  public var batch: Int { setting.batch }
}

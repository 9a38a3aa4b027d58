// Behaviour cloning by regression: one run of the decoder on an empty chunk. The plain baseline; where
// demonstrations do different things in one situation, it answers with their mean (or median).

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

/// Options of the `regression` head.
public struct RegressionOptions: HeadOptions {
  /// What is minimised.
  public enum Loss: String, Codable, CaseIterable, Sendable {
    /// The mean of squared differences.
    case meanSquaredError
    /// The mean of absolute differences.
    case meanAbsoluteError
  }

  /// The family's name in files and on the command line.
  public static let name = "regression"
  /// Everything at its default.
  public static var standard: RegressionOptions { RegressionOptions() }
  /// Squared or absolute error.
  public var loss: Loss
  /// 1, or 2: the second run refines the first one's answer, as it was trained to do from answers mixed with noise
  /// (the minimal iterative policy of "Much Ado About Noising", arXiv 2512.01809).
  public var steps: Int
  /// With two steps: the answer's share of what the second run reads, t* of the paper.
  public var refinement: Float

  /// One step under the squared error, unless told otherwise.
  public init(loss: Loss = .meanSquaredError, steps: Int = 1, refinement: Float = 0.9) {
    self.loss = loss
    self.steps = steps
    self.refinement = refinement
  }

  /// - Throws: `UserError` that names the option and what it must be.
  public func validate() throws {
    try requireRanges([("regression steps", steps, 1...2)])
    guard refinement > 0, refinement <= 1 else {
      throw UserError("regression refinement is \(refinement); it must lie above 0 and not above 1")
    }
  }

  /// The same options with another number of sampling steps.
  ///
  /// - Throws: `UserError` where the head has no steps to set, or not so many.
  public func settingSteps(_ steps: Int) throws -> Self {
    guard steps == self.steps else {
      throw UserError(
        "this regression policy was trained to predict in \(self.steps) step\(self.steps == 1 ? "" : "s"), not \(steps); leave the steps out"
      )
    }
    return self
  }

  /// The head of these options; its parameters are registered in `layout`.
  public func makeHead(_ layout: inout ParameterLayout, _ setting: HeadSetting) throws -> any ActionHead {
    RegressionHead(&layout, self, setting)
  }
}

struct RegressionHead: ActionHead {
  let options: RegressionOptions
  let chunkCount: Int
  let decoder: any ActionDecoder

  init(_ layout: inout ParameterLayout, _ options: RegressionOptions, _ setting: HeadSetting) {
    self.options = options
    chunkCount = setting.chunkCount
    decoder = setting.makeDecoder(&layout, usesTime: options.steps == 2)
  }

  /// What the decoder is told of the run: 0 for the first.
  func time(ofRun run: Int) -> Float { run == 0 ? 0 : 100 * options.refinement }

  func loss(_ example: HeadExample, on tape: Tape, noise stream: inout RandomStream) -> Float {
    let runs = options.steps
    let rows = example.rows * runs
    let shape = Shape(rows, chunkCount)
    let target = tape.input(shape) { target in
      for i in 0..<target.count {
        target[i] = example.chunks[i / (runs * chunkCount) * chunkCount + i % chunkCount]
      }
    }
    let input = tape.input(shape) { input in
      tape.withValues(of: target) { target in
        for i in 0..<input.count {
          let isFirst = i / chunkCount % runs == 0
          input[i] =
            isFirst
            ? 0
            : options.refinement * target[i] + (1 - options.refinement) * Float(stream.normal())
        }
      }
    }
    let prediction = decoder.run(
      input, context: decoder.contextPart(example.context, on: tape),
      time: runs == 1 ? nil : times(rows, on: tape) { time(ofRun: $0 % runs) }, draws: runs, on: tape)
    return tape.loss(
      options.loss == .meanSquaredError ? .meanSquaredError : .meanAbsoluteError, prediction, target,
      count: example.count * runs)
  }

  func times(_ rows: Int, on tape: Tape, _ time: (Int) -> Float) -> Tensor {
    let times = tape.input(Shape(rows)) { times in
      for i in 0..<rows { times[i] = time(i) }
    }
    return decoder.timePart(times, on: tape)
  }

  func makeSampler(_ setting: SamplerSetting) -> any ChunkSampler {
    RegressionSampler(self, setting)
  }
}

/// Runs the decoder once or twice.
private final class RegressionSampler: ChunkSampler {
  private let head: RegressionHead
  private let setting: SamplerSetting

  init(_ head: RegressionHead, _ setting: SamplerSetting) {
    self.head = head
    self.setting = setting
  }

  func sample(
    _ context: Tensor, unconditional: Tensor?, requests: inout [PolicyRequest],
    into chunks: UnsafeMutableBufferPointer<Float>
  ) {
    let (tape, batch) = (setting.tape, setting.batch)
    let known = head.decoder.contextPart(context, on: tape)
    chunks.update(repeating: 0)
    for run in 0..<head.options.steps {
      let input = tape.input(Shape(batch, head.chunkCount)) { input in
        for i in input.indices { input[i] = head.options.refinement * chunks[i] }
      }
      let time =
        head.options.steps == 1 ? nil : head.times(batch, on: tape) { _ in head.time(ofRun: run) }
      let answer = head.decoder.run(input, context: known, time: time, draws: 1, on: tape)
      tape.withValues(of: answer) { answer in
        for i in chunks.indices { chunks[i] = answer[i] }
      }
    }
  }
}

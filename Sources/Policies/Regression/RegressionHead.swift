// Behaviour cloning by regression: one run of the expert on an empty chunk. The plain baseline; where
// demonstrations do different things in one situation, it answers with their mean (or median).

import NeuralNetworks
import PlanarCore

/// Options of the `regression` head.
public struct RegressionOptions: HeadOptions {
  /// What is minimised.
  public enum Loss: String, Codable, CaseIterable, Sendable {
    case meanSquaredError
    case meanAbsoluteError
  }

  public static let name = "regression"
  public var loss: Loss

  public init(loss: Loss = .meanSquaredError) { self.loss = loss }

  private enum CodingKeys: CodingKey { case loss }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let standard = Self()
    loss = try container.decodeIfPresent(Loss.self, forKey: .loss) ?? standard.loss
  }

  public func validate() throws {}

  public func settingSteps(_ steps: Int) throws -> Self {
    guard steps == 1 else {
      throw UserError("a regression policy predicts in 1 step, not \(steps); leave the steps out")
    }
    return self
  }

  public func makeHead() -> any ActionHead { RegressionHead(options: self) }
}

struct RegressionHead: ActionHead {
  let options: RegressionOptions
  var usesTime: Bool { false }

  func loss(
    _ expert: ActionExpert, condition: Tensor, chunks: UnsafeBufferPointer<Float>, rows: Int,
    count: Int, on tape: Tape, noise: inout RandomStream
  ) -> Float {
    let shape = Shape(rows, expert.chunkCount)
    let empty = tape.input(shape) { $0.update(repeating: 0) }
    let target = tape.input(shape) { target in
      for i in 0..<target.count { target[i] = chunks[i] }
    }
    let prediction = expert(empty, condition: condition, on: tape)
    return tape.loss(
      options.loss == .meanSquaredError ? .meanSquaredError : .meanAbsoluteError, prediction, target,
      count: count)
  }

  func predict(_ chunks: UnsafeMutableBufferPointer<Float>, with denoiser: Denoiser) {
    denoiser.run(UnsafeBufferPointer(chunks), time: nil, to: chunks)
  }
}

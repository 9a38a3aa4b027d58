// The short way to a trained network: a table of inputs and targets.

import PlanarCore

/// Fits a network to a table, all rows in every step.
///
/// For batches drawn from more data, losses of another form or noise, use `Training`.
public final class Fit {
  /// The weights, their optimizer and their steps.
  public let training: Training
  private let network: @Sendable (Tape, Tensor) -> Tensor
  private let rows: Int
  private let tape = Tape(recording: false)

  /// - Parameters:
  ///   - inputs, targets: row-major, `rows` rows each.
  ///   - optimizer: of the same layout; AdamW by default.
  ///   - network: `[rows, inputs' width]` → `[rows, targets' width]`.
  public init(
    _ layout: ParameterLayout, inputs: [Float], targets: [Float], rows: Int,
    loss: LossKind = .meanSquaredError, optimizer: (any Optimizer)? = nil, threads: Int = 1,
    seed: UInt64 = 0, _ network: @escaping @Sendable (_ tape: Tape, _ input: Tensor) -> Tensor
  ) {
    require(
      rows > 0 && inputs.count % rows == 0 && targets.count % rows == 0,
      "fit: \(inputs.count) inputs and \(targets.count) targets are not \(rows) rows")
    let (width, targetWidth) = (inputs.count / rows, targets.count / rows)
    self.network = network
    self.rows = rows
    training = Training(layout, optimizer: optimizer, threads: threads, seed: seed) { rows, tape, _ in
      let prediction = network(tape, tape.input(rows, of: inputs, width: width))
      return tape.loss(
        loss, prediction, tape.input(rows, of: targets, width: targetWidth), count: targets.count)
    }
  }

  /// One update of the weights.
  ///
  /// - Returns: The loss before it.
  @discardableResult
  public func step(rateMultiplier: Float = 1) -> Float {
    training.step(batch: rows, rateMultiplier: rateMultiplier)
  }

  /// The network's output for `rows` rows of inputs.
  public func predict(_ inputs: [Float], rows: Int = 1) -> [Float] {
    require(rows > 0 && inputs.count % rows == 0, "predict: \(inputs.count) inputs are not \(rows) rows")
    tape.begin(weights: training.parameters.values)
    return tape.array(network(tape, tape.input(0..<rows, of: inputs, width: inputs.count / rows)))
  }
}

// y = f(x·Wᵀ + b) + residual: the matrix product with what surrounds it.

/// A learned affine map over the last axis.
public struct Linear: Sendable {
  /// `[out, in]`.
  public let weight: Parameter
  /// `[out]`.
  public let bias: Parameter?

  public var inputs: Int { weight.shape[1] }
  public var outputs: Int { weight.shape[0] }

  /// Registers `name.weight` (Xavier uniform by default) and `name.bias` (zeros).
  public init(
    _ layout: inout ParameterLayout, _ name: String, inputs: Int, outputs: Int, bias: Bool = true,
    initializer: Initializer = .xavier()
  ) {
    weight = layout.add(name + ".weight", [outputs, inputs], initializer, decays: true)
    self.bias = bias ? layout.add(name + ".bias", [outputs], .zeros) : nil
  }
}

struct LinearOperation {
  let layer: Linear
  let input: Tensor
  /// Before the activation; the same as `output` where there is none.
  let before: Tensor
  let activation: Activation
  let residual: Tensor?
  let output: Tensor
}

extension Tape {
  /// `[…, in]` → `[…, out]`: f(x·Wᵀ + b), plus `residual` of the output's shape.
  ///
  /// A residual is added after the product and goes with no activation.
  public func linear(
    _ input: Tensor, _ layer: Linear, activation: Activation = .none, residual: Tensor? = nil
  ) -> Tensor {
    precondition(
      input.shape.columns == layer.inputs,
      "linear '\(layer.weight.name)': input \(input.shape) does not end in \(layer.inputs)")
    let shape = input.shape.replacingColumns(layer.outputs)
    precondition(
      residual == nil || (residual!.shape == shape && activation == .none),
      "linear '\(layer.weight.name)': residual \(residual?.shape.description ?? "") is not \(shape)")
    let rows = shape.rows
    let columns = layer.outputs
    // The weights always learn, so the output always needs a gradient.
    let before = make(shape, needsGradient: true)
    let output =
      activation == .none || !isRecording ? before : make(shape, needsGradient: true)
    let target = pointer(before)
    var beta: Float = 0
    if let residual {
      target.update(from: pointer(residual), count: shape.count)
      if let bias = layer.bias {
        let b = weights(bias)
        for r in 0..<rows { Kernels.add(b, into: target + r * columns, count: columns) }
      }
      beta = 1
    } else if let bias = layer.bias {
      Kernels.repeatRow(weights(bias), rows: rows, columns: columns, to: target)
      beta = 1
    }
    BLAS.multiply(
      m: rows, n: columns, k: layer.inputs, pointer(input), weights(layer.weight), transposeB: true,
      beta: beta, into: target)
    if activation != .none {
      Kernels.activate(activation, target, to: pointer(output), count: shape.count)
    }
    record(
      .linear(
        LinearOperation(
          layer: layer, input: input, before: before, activation: activation, residual: residual,
          output: output)))
    return output
  }

  func linearBackward(_ operation: LinearOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    let layer = operation.layer
    let rows = operation.output.shape.rows
    // The output's gradient is not needed again: it becomes that of the product in place.
    Kernels.activateBackward(
      operation.activation, pointer(operation.before), gradient, to: gradient,
      count: operation.output.count)
    if let weightGradient = weightGradient(layer.weight) {
      BLAS.multiply(
        m: layer.outputs, n: layer.inputs, k: rows, gradient, transposeA: true,
        pointer(operation.input), beta: 1, into: weightGradient)
    }
    if let bias = layer.bias, let biasGradient = weightGradient(bias) {
      Kernels.addColumnSums(gradient, rows: rows, columns: layer.outputs, into: biasGradient)
    }
    if let (inputGradient, isFresh) = accumulator(of: operation.input) {
      BLAS.multiply(
        m: rows, n: layer.inputs, k: layer.outputs, gradient, weights(layer.weight),
        beta: isFresh ? 0 : 1, into: inputGradient)
    }
    if let residual = operation.residual { passOn(operation.output, to: residual) }
  }
}

// y = f(x·Wᵀ + b) + residual: the matrix product with what surrounds it.

/// A learned affine map over the last axis.
public struct Linear: Sendable {
  /// `[out, in]`.
  public let weight: Parameter
  /// `[out]`.
  public let bias: Parameter?

  /// Columns of the input.
  public var inputs: Int { weight.shape[1] }
  /// Columns of the output.
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
    require(
      input.shape.columns == layer.inputs,
      "linear '\(layer.weight.name)': input \(input.shape) does not end in \(layer.inputs)")
    let shape = input.shape.replacingColumns(layer.outputs)
    require(
      residual == nil || (residual!.shape == shape && activation == .none),
      "linear '\(layer.weight.name)': residual \(residual?.shape.description ?? "") is not \(shape)")
    // The weights always learn, so the output always needs a gradient.
    let before = make(shape, needsGradient: true)
    // ReLU's slope can be told from its result; other activations need what they were applied to.
    let isInPlace = activation == .none || activation == .relu || !isRecording
    let output = isInPlace ? before : make(shape, needsGradient: true)
    if precision == .int8 {
      quantizedLinear(input, layer, activation: activation, residual: residual, to: output)
      return output
    }
    let panels = panels(
      layer.weight, .transposed(columns: layer.outputs, k: layer.inputs))
    let columns = layer.outputs
    let (product, target) = (pointer(before), pointer(output))
    let added = residual.map { pointer($0) }
    Kernels.product(
      TileOperands(
        a: pointer(input), runLength: layer.inputs, c: product, bias: layer.bias.map { weights($0) }),
      rows: shape.rows, columns: columns, aOffsets: .even(layer.inputs), cOffsets: .even(columns),
      panels: panels
    ) { rows in
      let offset = rows.lowerBound * columns
      if let added {
        Kernels.add(added + offset, into: product + offset, count: rows.count * columns)
      } else if activation != .none {
        Kernels.activate(activation, product + offset, to: target + offset, count: rows.count * columns)
      }
    }
    record(
      .linear(
        LinearOperation(
          layer: layer, input: input, before: before, activation: activation, residual: residual,
          output: output)))
    return output
  }

  private func quantizedLinear(
    _ input: Tensor, _ layer: Linear, activation: Activation, residual: Tensor?, to output: Tensor
  ) {
    let quantized = QuantizedPanels(columns: layer.outputs, k: layer.inputs)
    let target = pointer(output)
    quantized.multiply(
      pointer(input), rows: input.shape.rows,
      panels: panels(layer.weight, .quantized(columns: layer.outputs, k: layer.inputs)),
      bias: layer.bias.map { weights($0) }, scratch: scratch(quantized.scratchCount), to: target)
    if let residual { Kernels.add(pointer(residual), into: target, count: output.count) }
    if activation != .none { Kernels.activate(activation, target, to: target, count: output.count) }
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
      Kernels.outerProduct(
        gradient, pointer(operation.input), rows: rows, m: layer.outputs, n: layer.inputs,
        bOffsets: .even(layer.inputs), adds: true,
        scratch: scratch(Kernels.outerProductScratch(columns: layer.inputs)), into: weightGradient)
    }
    if let bias = layer.bias, let biasGradient = weightGradient(bias) {
      Kernels.addColumnSums(gradient, rows: rows, columns: layer.outputs, into: biasGradient)
    }
    if let (inputGradient, isFresh) = accumulator(of: operation.input) {
      let panels = panels(layer.weight, .plain(k: layer.outputs, columns: layer.inputs))
      Kernels.product(
        TileOperands(a: gradient, runLength: layer.outputs, c: inputGradient, adds: !isFresh),
        rows: rows, columns: layer.inputs, aOffsets: .even(layer.outputs), cOffsets: .even(layer.inputs),
        panels: panels)
    }
    if let residual = operation.residual { passOn(operation.output, to: residual) }
  }
}

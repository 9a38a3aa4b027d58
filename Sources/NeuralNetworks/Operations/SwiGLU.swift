// The gated feed-forward block of recent transformers (Shazeer 2020).

/// (silu(x·Wgᵀ) · x·Wuᵀ)·Wdᵀ, without biases.
public struct SwiGLU: Sendable {
  /// Wg: width → hidden features, passed through SiLU.
  public let gate: Linear
  /// Wu: width → hidden features, multiplied by the gate.
  public let up: Linear
  /// Wd: hidden features → width.
  public let down: Linear

  /// Registers `name.gate.weight` and `name.up.weight` `[hidden, width]`, and `name.down.weight`
  /// `[width, hidden]`.
  public init(_ layout: inout ParameterLayout, _ name: String, width: Int, hidden: Int) {
    gate = Linear(&layout, name + ".gate", inputs: width, outputs: hidden, bias: false)
    up = Linear(&layout, name + ".up", inputs: width, outputs: hidden, bias: false)
    down = Linear(&layout, name + ".down", inputs: hidden, outputs: width, bias: false)
  }
}

struct GatedProductOperation {
  let gate: Tensor
  let value: Tensor
  let output: Tensor
}

extension Tape {
  /// `[…, width]` → the same shape, plus `residual` of that shape.
  public func swiGLU(_ input: Tensor, _ layer: SwiGLU, residual: Tensor? = nil) -> Tensor {
    let hidden = gatedProduct(linear(input, layer.gate), linear(input, layer.up))
    return linear(hidden, layer.down, residual: residual)
  }

  /// silu(gate)·value, of one shape.
  public func gatedProduct(_ gate: Tensor, _ value: Tensor) -> Tensor {
    require(
      gate.shape == value.shape, "gatedProduct: \(gate.shape) and \(value.shape) differ")
    let output = make(gate.shape, needsGradient: gate.needsGradient || value.needsGradient)
    Kernels.map(pointer(gate), pointer(value), to: pointer(output), count: gate.count) {
      SiLU.value($0) * $1
    }
    record(.gatedProduct(GatedProductOperation(gate: gate, value: value, output: output)))
    return output
  }

  func gatedProductBackward(_ operation: GatedProductOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    let gate = accumulator(of: operation.gate)
    let value = gradientInPlace(of: operation.output, for: operation.value)
    Kernels.gatedProductBackward(
      pointer(operation.gate), pointer(operation.value), gradient, count: operation.output.count,
      gateGradient: gate?.pointer, assigningGate: gate?.isFresh ?? true,
      valueGradient: value?.pointer, assigningValue: value?.isFresh ?? true)
  }
}

extension Kernels {
  /// gate' (+)= dy·value·silu′(gate), value' (+)= dy·silu(gate); `valueGradient` may be `dy`.
  static func gatedProductBackward(
    _ gate: UnsafePointer<Float>, _ value: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, count: Int,
    gateGradient: UnsafeMutablePointer<Float>?, assigningGate: Bool,
    valueGradient: UnsafeMutablePointer<Float>?, assigningValue: Bool
  ) {
    let zero = Lanes(repeating: 0)
    columnBlocks(count) { i, width in
      let g = load(gate + i, width: width)
      let d = load(dy + i, width: width)
      if let gateGradient {
        let base = assigningGate ? zero : load(gateGradient + i, width: width)
        let slope = SiLU.backward(g, d)
        store(multiplyAdd(slope, load(value + i, width: width), base), gateGradient + i, width: width)
      }
      if let valueGradient {
        let base = assigningValue ? zero : load(valueGradient + i, width: width)
        store(multiplyAdd(d, SiLU.value(g), base), valueGradient + i, width: width)
      }
    }
  }
}

// Normalisation over the last axis (Ba et al. 2016).

/// (x − mean) / √(variance + 1e-5), times a gain and plus a shift where these are learned.
public struct LayerNorm: Sendable {
  public let gain: Parameter?
  public let shift: Parameter?

  /// Registers `name.weight` (ones) and `name.bias` (zeros).
  public init(_ layout: inout ParameterLayout, _ name: String, width: Int) {
    gain = layout.add(name + ".weight", [width], .ones)
    shift = layout.add(name + ".bias", [width], .zeros)
  }

  /// Without anything learned, for use before a modulation.
  public init() {
    gain = nil
    shift = nil
  }
}

struct LayerNormOperation {
  let layer: LayerNorm
  let input: Tensor
  /// `[rows, 2]`: mean and reciprocal deviation.
  let statistics: Tensor
  let output: Tensor
}

extension Tape {
  /// Normalises over the last axis; same shape.
  public func layerNorm(_ input: Tensor, _ layer: LayerNorm) -> Tensor {
    let width = input.shape.columns
    precondition(
      layer.gain == nil || layer.gain!.count == width,
      "layerNorm '\(layer.gain?.name ?? "")': input \(input.shape) does not fit \(layer.gain?.shape ?? [])")
    let rows = input.shape.rows
    let needsGradient = input.needsGradient || layer.gain != nil
    let statistics = make(Shape(rows, 2), needsGradient: false)
    let output = make(input.shape, needsGradient: needsGradient)
    Kernels.layerNorm(
      pointer(input), gain: layer.gain.map { weights($0) }, shift: layer.shift.map { weights($0) },
      rows: rows, width: width, statistics: pointer(statistics), to: pointer(output))
    record(
      .layerNorm(
        LayerNormOperation(layer: layer, input: input, statistics: statistics, output: output)))
    return output
  }

  func layerNormBackward(_ operation: LayerNormOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    let layer = operation.layer
    let input = accumulator(of: operation.input)
    Kernels.layerNormBackward(
      pointer(operation.input), statistics: pointer(operation.statistics),
      gain: layer.gain.map { weights($0) }, gradient, rows: operation.input.shape.rows,
      width: operation.input.shape.columns, inputGradient: input?.pointer,
      assigning: input?.isFresh ?? false, gainGradient: layer.gain.flatMap { weightGradient($0) },
      shiftGradient: layer.shift.flatMap { weightGradient($0) })
  }
}

extension Kernels {
  static func layerNorm(
    _ x: UnsafePointer<Float>, gain: UnsafePointer<Float>?, shift: UnsafePointer<Float>?, rows: Int,
    width: Int, statistics: UnsafeMutablePointer<Float>, to y: UnsafeMutablePointer<Float>
  ) {
    let reciprocal = 1 / Float(width)
    for r in 0..<rows {
      let row = x + r * width
      let out = y + r * width
      var total = Lanes(repeating: 0)
      sweep(width) { total += load(row + $0) } tail: { total += loadPartly(row + $0, $1) }
      let mean = sum(total) * reciprocal
      var squares = Lanes(repeating: 0)
      sweep(width) {
        let d: Lanes = load(row + $0) - mean
        squares += d * d
      } tail: {
        let d: Lanes = loadPartly(row + $0, $1, fill: mean) - mean
        squares += d * d
      }
      let scale = 1 / (sum(squares) * reciprocal + 1e-5).squareRoot()
      statistics[2 * r] = mean
      statistics[2 * r + 1] = scale
      if let gain, let shift {
        map(row, gain, shift, to: out, count: width) { ($0 - mean) * scale * $1 + $2 }
      } else {
        map(row, to: out, count: width) { ($0 - mean) * scale }
      }
    }
  }

  /// With h = (x − mean)·s and g = dy·gain: dx = s·(g − mean(g) − h·mean(g·h)).
  static func layerNormBackward(
    _ x: UnsafePointer<Float>, statistics: UnsafePointer<Float>, gain: UnsafePointer<Float>?,
    _ dy: UnsafePointer<Float>, rows: Int, width: Int, inputGradient: UnsafeMutablePointer<Float>?,
    assigning: Bool, gainGradient: UnsafeMutablePointer<Float>?,
    shiftGradient: UnsafeMutablePointer<Float>?
  ) {
    let reciprocal = 1 / Float(width)
    for r in 0..<rows {
      let row = x + r * width
      let dRow = dy + r * width
      let mean = statistics[2 * r]
      let scale = statistics[2 * r + 1]
      if let gainGradient, let shiftGradient {
        map(row, dRow, gainGradient, to: gainGradient, count: width) { x, d, g in
          g + d * ((x - mean) * scale)
        }
        add(dRow, into: shiftGradient, count: width)
      }
      guard let inputGradient else { continue }
      let target = inputGradient + r * width
      var first = Lanes(repeating: 0)
      var second = Lanes(repeating: 0)
      sweep(width) {
        var g = load(dRow + $0)
        if let gain { g *= load(gain + $0) }
        first += g
        second += g * ((load(row + $0) - mean) * scale)
      } tail: {
        var g = loadPartly(dRow + $0, $1)
        if let gain { g *= loadPartly(gain + $0, $1) }
        first += g
        second += g * ((loadPartly(row + $0, $1) - mean) * scale)
      }
      let meanG = sum(first) * reciprocal
      let meanGH = sum(second) * reciprocal
      sweep(width) {
        var g = load(dRow + $0)
        if let gain { g *= load(gain + $0) }
        let h: Lanes = (load(row + $0) - mean) * scale
        var d: Lanes = (g - meanG - h * meanGH) * scale
        if !assigning { d += load(target + $0) }
        store(d, target + $0)
      } tail: {
        var g = loadPartly(dRow + $0, $1)
        if let gain { g *= loadPartly(gain + $0, $1) }
        let h: Lanes = (loadPartly(row + $0, $1) - mean) * scale
        var d: Lanes = (g - meanG - h * meanGH) * scale
        if !assigning { d += loadPartly(target + $0, $1) }
        storePartly(d, target + $0, $1)
      }
    }
  }
}

// Normalisation over the last axis: layer norm (Ba et al. 2016) and RMS norm (Zhang & Sennrich 2019).

/// (x − mean) / √(variance + epsilon), times a gain and plus a shift where these are learned.
public struct LayerNorm: Sendable {
  /// `[width]`, begins at 1; nil where none is learned.
  public let gain: Parameter?
  /// `[width]`, begins at 0; nil where none is learned.
  public let shift: Parameter?
  /// Added to the variance, so that a constant row is not divided by zero.
  public let epsilon: Float

  /// Registers `name.weight` (ones) and `name.bias` (zeros).
  public init(_ layout: inout ParameterLayout, _ name: String, width: Int, epsilon: Float = 1e-5) {
    gain = layout.add(name + ".weight", [width], .ones)
    shift = layout.add(name + ".bias", [width], .zeros)
    self.epsilon = epsilon
  }

  /// Without anything learned, for use before a modulation.
  public init(epsilon: Float = 1e-5) {
    gain = nil
    shift = nil
    self.epsilon = epsilon
  }
}

/// x / √(mean of x² + epsilon), times a gain.
public struct RMSNorm: Sendable {
  /// `[width]`, begins at 1.
  public let gain: Parameter
  /// Added to the mean square, so that a row of zeros is not divided by zero.
  public let epsilon: Float

  /// Registers `name.weight` (ones).
  public init(_ layout: inout ParameterLayout, _ name: String, width: Int, epsilon: Float = 1e-6) {
    gain = layout.add(name + ".weight", [width], .ones)
    self.epsilon = epsilon
  }
}

/// A layer norm, or an RMS norm: a layer norm that takes the mean for zero.
struct RowNormOperation {
  let gain: Parameter?
  let shift: Parameter?
  let isCentred: Bool
  let input: Tensor
  /// `[rows, 2]`: mean and reciprocal deviation.
  let statistics: Tensor
  let output: Tensor
}

extension Tape {
  /// Normalises over the last axis; same shape.
  public func layerNorm(_ input: Tensor, _ layer: LayerNorm) -> Tensor {
    require(
      layer.gain == nil || layer.gain!.count == input.shape.columns,
      "layerNorm '\(layer.gain?.name ?? "")': input \(input.shape) does not fit \(layer.gain?.shape ?? [])")
    return rowNorm(
      input, gain: layer.gain, shift: layer.shift, isCentred: true, epsilon: layer.epsilon)
  }

  /// Normalises over the last axis without centring; same shape.
  public func rmsNorm(_ input: Tensor, _ layer: RMSNorm) -> Tensor {
    require(
      layer.gain.count == input.shape.columns,
      "rmsNorm '\(layer.gain.name)': input \(input.shape) does not fit \(layer.gain.shape)")
    return rowNorm(input, gain: layer.gain, shift: nil, isCentred: false, epsilon: layer.epsilon)
  }

  private func rowNorm(
    _ input: Tensor, gain: Parameter?, shift: Parameter?, isCentred: Bool, epsilon: Float
  ) -> Tensor {
    let rows = input.shape.rows
    let statistics = make(Shape(rows, 2), needsGradient: false)
    let output = make(input.shape, needsGradient: input.needsGradient || gain != nil)
    Kernels.rowNorm(
      pointer(input), gain: gain.map { weights($0) }, shift: shift.map { weights($0) },
      isCentred: isCentred, epsilon: epsilon, rows: rows, width: input.shape.columns,
      statistics: pointer(statistics), to: pointer(output))
    record(
      .rowNorm(
        RowNormOperation(
          gain: gain, shift: shift, isCentred: isCentred, input: input, statistics: statistics,
          output: output)))
    return output
  }

  func rowNormBackward(_ operation: RowNormOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    let shape = operation.input.shape
    let (rows, width) = (shape.rows, shape.columns)
    let gain = operation.gain.map { weights($0) }
    let gainGradient = operation.gain.flatMap { weightGradient($0) }
    let shiftGradient = operation.shift.flatMap { weightGradient($0) }
    let input = gradientInPlace(of: operation.output, for: operation.input)
    // A block of rows at a time, which the second kernel finds in the first-level cache.
    let block = max(8, 2048 / width)
    for start in stride(from: 0, to: rows, by: block) {
      let count = min(block, rows - start)
      let x = pointer(operation.input) + start * width
      let statistics = pointer(operation.statistics) + 2 * start
      let dy = gradient + start * width
      if let gainGradient {
        Kernels.rowNormParameterGradients(
          x, statistics: statistics, dy, rows: count, width: width, gainGradient: gainGradient,
          shiftGradient: shiftGradient)
      }
      if let input {
        Kernels.rowNormBackward(
          x, statistics: statistics, gain: gain, isCentred: operation.isCentred, dy, rows: count,
          width: width, to: input.pointer + start * width, assigning: input.isFresh)
      }
    }
  }
}

extension Kernels {
  /// Σ x of one row, in two sums, so that additions need not wait for each other.
  @inline(__always)
  private static func rowSum(_ row: UnsafePointer<Float>, _ width: Int) -> Float {
    var (a, b) = (Lanes(repeating: 0), Lanes(repeating: 0))
    var c = 0
    while c + 32 <= width {
      a += load(row + c)
      b += load(row + c + 16)
      c += 32
    }
    while c < width {
      a += load(row + c, width: min(16, width - c))
      c += 16
    }
    return sum(a + b)
  }

  /// Σ (x − centre)² of one row.
  @inline(__always)
  private static func rowSquares(_ row: UnsafePointer<Float>, _ width: Int, _ centre: Float) -> Float {
    var (a, b) = (Lanes(repeating: 0), Lanes(repeating: 0))
    var c = 0
    while c + 32 <= width {
      let d: Lanes = load(row + c) - centre
      let e: Lanes = load(row + c + 16) - centre
      a = multiplyAdd(d, d, a)
      b = multiplyAdd(e, e, b)
      c += 32
    }
    while c < width {
      let d: Lanes = loadPartly(row + c, min(16, width - c), fill: centre) - centre
      a = multiplyAdd(d, d, a)
      c += 16
    }
    return sum(a + b)
  }

  /// y = (x − mean)·s·gain + shift per row; `x`, `y` `[rows, width]`, `statistics` `[rows, 2]`.
  static func rowNorm(
    _ x: UnsafePointer<Float>, gain: UnsafePointer<Float>?, shift: UnsafePointer<Float>?,
    isCentred: Bool, epsilon: Float, rows: Int, width: Int,
    statistics: UnsafeMutablePointer<Float>, to y: UnsafeMutablePointer<Float>
  ) {
    let reciprocal = 1 / Float(width)
    for r in 0..<rows {
      let row = x + r * width
      let out = y + r * width
      let mean: Float = isCentred ? rowSum(row, width) * reciprocal : 0
      let scale = 1 / (rowSquares(row, width, mean) * reciprocal + epsilon).squareRoot()
      statistics[2 * r] = mean
      statistics[2 * r + 1] = scale
      normalise(row, mean: mean, scale: scale, gain: gain, shift: shift, width: width, to: out)
    }
  }

  private static func normalise(
    _ row: UnsafePointer<Float>, mean: Float, scale: Float, gain: UnsafePointer<Float>?,
    shift: UnsafePointer<Float>?, width: Int, to out: UnsafeMutablePointer<Float>
  ) {
    columnBlocks(width) { c, lanes in
      var y: Lanes = (load(row + c, width: lanes) - mean) * scale
      if let gain {
        let offset = shift == nil ? Lanes(repeating: 0) : load(shift! + c, width: lanes)
        y = multiplyAdd(y, load(gain + c, width: lanes), offset)
      }
      store(y, out + c, width: lanes)
    }
  }

  /// With h = (x − mean)·s: gain' += Σ dy·h, shift' += Σ dy, over rows, in registers.
  static func rowNormParameterGradients(
    _ x: UnsafePointer<Float>, statistics: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    rows: Int, width: Int, gainGradient: UnsafeMutablePointer<Float>,
    shiftGradient: UnsafeMutablePointer<Float>?
  ) {
    columnBlocks(width) { c, lanes in
      var (total, projection) = (Lanes(repeating: 0), Lanes(repeating: 0))
      for r in 0..<rows {
        let d = load(dy + r * width + c, width: lanes)
        let h: Lanes =
          (load(x + r * width + c, width: lanes) - statistics[2 * r]) * statistics[2 * r + 1]
        total += d
        projection = multiplyAdd(d, h, projection)
      }
      store(load(gainGradient + c, width: lanes) + projection, gainGradient + c, width: lanes)
      if let shiftGradient {
        store(load(shiftGradient + c, width: lanes) + total, shiftGradient + c, width: lanes)
      }
    }
  }

  /// With h = (x − mean)·s and g = dy·gain: dx (+)= s·(g − mean(g) − h·mean(g·h)), without mean(g) where
  /// nothing was centred. `dx` may be `dy`.
  static func rowNormBackward(
    _ x: UnsafePointer<Float>, statistics: UnsafePointer<Float>, gain: UnsafePointer<Float>?,
    isCentred: Bool, _ dy: UnsafePointer<Float>, rows: Int, width: Int,
    to dx: UnsafeMutablePointer<Float>, assigning: Bool
  ) {
    let reciprocal = 1 / Float(width)
    let one = Lanes(repeating: 1)
    for r in 0..<rows {
      let row = x + r * width
      let gradient = dy + r * width
      let target = dx + r * width
      let mean = statistics[2 * r]
      let scale = statistics[2 * r + 1]
      var (first, second) = (Lanes(repeating: 0), Lanes(repeating: 0))
      columnBlocks(width) { c, lanes in
        let factor = gain == nil ? one : load(gain! + c, width: lanes)
        let g: Lanes = load(gradient + c, width: lanes) * factor
        first += g
        second = multiplyAdd(g, load(row + c, width: lanes) - mean, second)
      }
      let offset = isCentred ? -scale * (sum(first) * reciprocal) : 0
      let slope = -scale * scale * scale * (sum(second) * reciprocal)
      let offsets = Lanes(repeating: offset)
      columnBlocks(width) { c, lanes in
        let factor = gain == nil ? one : load(gain! + c, width: lanes)
        let g: Lanes = load(gradient + c, width: lanes) * factor
        let centred: Lanes = load(row + c, width: lanes) - mean
        var d = multiplyAdd(slope, centred, multiplyAdd(scale, g, offsets))
        if !assigning { d += load(target + c, width: lanes) }
        store(d, target + c, width: lanes)
      }
    }
  }
}

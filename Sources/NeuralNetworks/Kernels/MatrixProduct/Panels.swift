// B of a product in the order in which tiles read it: panels of `Tile.columns` columns, each
// `[k, columns]`, the last one filled up with whatever is at hand.

/// How a parameter's numbers become panels.
enum Packing: Hashable {
  /// Weights `[columns, k]`: for y = x·Wᵀ.
  case transposed(columns: Int, k: Int)
  /// Weights `[k, columns]`: for dx = dy·W.
  case plain(k: Int, columns: Int)
  /// Weights `[columns, k]`, one byte each: for y = x·Wᵀ.
  case quantized(columns: Int, k: Int)
  /// A convolution's weights `[outputs, kernel, channels]`, phase by phase, for its input gradient; made by
  /// `phases(of:)`.
  case phases(ConvolutionShape)

  /// The phases' weights are the same for inputs of any extents, so that one copy serves all.
  static func phases(of shape: ConvolutionShape) -> Packing {
    var shape = shape
    (shape.height, shape.width) = (1, 1)
    return .phases(shape)
  }

  /// Numbers of all panels.
  var count: Int {
    switch self {
    case .transposed(let columns, let k), .plain(let k, let columns): Self.panels(columns) * k
    case .quantized(let columns, let k): QuantizedPanels(columns: columns, k: k).count
    case .phases(let shape):
      shape.phases.reduce(0) { $0 + $1.taps * shape.outputs * Self.panels(shape.channels) }
    }
  }

  /// Columns rounded up to whole panels.
  private static func panels(_ columns: Int) -> Int {
    (columns + Tile.columns - 1) / Tile.columns * Tile.columns
  }

  /// Where a phase's panels begin.
  static func phaseOffset(_ index: Int, _ shape: ConvolutionShape) -> Int {
    (0..<index).reduce(0) { $0 + shape.phase($1).taps * shape.outputs * panels(shape.channels) }
  }

  func pack(_ weights: UnsafePointer<Float>, to panels: UnsafeMutablePointer<Float>) {
    switch self {
    case .transposed(let columns, let k):
      for column in stride(from: 0, to: columns, by: Tile.columns) {
        Self.packTransposed(
          weights + column * k, columns: min(Tile.columns, columns - column), k: k,
          to: panels + column * k)
      }
    case .plain(let k, let columns):
      for column in stride(from: 0, to: columns, by: Tile.columns) {
        for i in 0..<k {
          Self.packRow(
            weights + i * columns + column, count: min(Tile.columns, columns - column),
            to: panels + column * k + i * Tile.columns)
        }
      }
    case .quantized(let columns, let k):
      QuantizedPanels(columns: columns, k: k).pack(weights, to: panels)
    case .phases(let shape):
      var target = panels
      for i in 0..<shape.phaseCount { Self.pack(shape.phase(i), of: shape, weights, to: &target) }
    }
  }

  /// One panel of a transposed matrix: `[columns, k]` → `[k, Tile.columns]`.
  private static func packTransposed(
    _ weights: UnsafePointer<Float>, columns: Int, k: Int, to panel: UnsafeMutablePointer<Float>
  ) {
    for half in stride(from: 0, to: columns, by: 16) {
      let valid = min(16, columns - half)
      var i = 0
      while i + 16 <= k {
        Kernels.transposeSixteen(
          weights + half * k + i, stride: k, rows: valid, to: panel + i * Tile.columns + half,
          stride: Tile.columns)
        i += 16
      }
      while i < k {
        for c in 0..<16 {
          panel[i * Tile.columns + half + c] = weights[(half + min(c, valid - 1)) * k + i]
        }
        i += 1
      }
    }
  }

  @inline(__always)
  private static func packRow(
    _ source: UnsafePointer<Float>, count: Int, to target: UnsafeMutablePointer<Float>
  ) {
    if count == Tile.columns {
      store(load(source), target)
      if Tile.columns > 16 { store(load(source + 16), target + 16) }
    } else {
      for c in 0..<Tile.columns { target[c] = c < count ? source[c] : 0 }
    }
  }

  private static func pack(
    _ phase: ConvolutionShape.Phase, of shape: ConvolutionShape, _ weights: UnsafePointer<Float>,
    to target: inout UnsafeMutablePointer<Float>
  ) {
    let (v, h) = (phase.vertical, phase.horizontal)
    for column in stride(from: 0, to: shape.channels, by: Tile.columns) {
      // Output positions ascend, so taps descend.
      for i in (0..<v.taps).reversed() {
        for j in (0..<h.taps).reversed() {
          let row = v.firstTap + i * shape.verticalStride
          let tap = row * shape.kernelWidth + h.firstTap + j * shape.stride
          for output in 0..<shape.outputs {
            packRow(
              weights + output * shape.windowCount + tap * shape.channels + column,
              count: min(Tile.columns, shape.channels - column), to: target)
            target += Tile.columns
          }
        }
      }
    }
  }
}

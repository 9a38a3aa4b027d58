// The sizes of a convolution and how each of its three products reads the numbers. One-dimensional ones have
// height 1.
//
//   forward          rows are windows of the padded input           y = windows · W
//   input gradient   the same with windows of the padded output gradient, once per phase: with stride s, input
//                    positions φ, φ + s, φ + 2s, … meet the same kernel taps
//   weight gradient  dW = dyᵀ · windows
//
// A transposed convolution is the input gradient of a convolution, and its input gradient is the forward one.

struct ConvolutionShape: Hashable {
  var height = 1
  var width: Int
  var channels: Int
  var outputs: Int
  var kernelHeight = 1
  var kernelWidth: Int
  var stride: Int
  var padding: Int

  /// Whether it runs over an image; a sequence has no border and no stride from row to row.
  var isImage = false
  var verticalStride: Int { isImage ? stride : 1 }
  var verticalPadding: Int { isImage ? padding : 0 }
  var outHeight: Int { (height + 2 * verticalPadding - kernelHeight) / verticalStride + 1 }
  var outWidth: Int { (width + 2 * padding - kernelWidth) / stride + 1 }
  /// Numbers of one output's weights: `[kernel height, kernel width, channels]`.
  var windowCount: Int { kernelHeight * kernelWidth * channels }

  // MARK: Windows of the input

  /// The input with its border.
  var inputBorder: Border {
    Border(
      height: height, width: width, channels: channels, top: verticalPadding, left: padding,
      paddedHeight: height + 2 * verticalPadding, paddedWidth: width + 2 * padding)
  }

  /// Where the window of each output position begins in the padded input.
  var windowOffsets: RowOffsets {
    let border = inputBorder
    return RowOffsets(
      inner: outWidth, innerStride: stride * channels, middle: outHeight,
      middleStride: verticalStride * border.rowCount, outerStride: border.count)
  }

  // MARK: Windows of the output gradient

  /// One axis of a phase: which taps meet input positions φ, φ + s, ….
  struct PhaseAxis: Hashable {
    let phase: Int
    /// The first tap and how many, `stride` apart.
    let firstTap: Int
    let taps: Int
    /// The last output position that the phase's first input position meets.
    let shift: Int
    /// Input positions of the phase.
    let positions: Int

    init(phase: Int, stride: Int, kernel: Int, padding: Int, extent: Int) {
      self.phase = phase
      firstTap = (phase + padding) % stride
      taps = max(0, (kernel - firstTap + stride - 1) / stride)
      shift = (phase + padding - firstTap) / stride
      positions = max(0, (extent - phase + stride - 1) / stride)
    }
  }

  struct Phase: Hashable {
    let vertical: PhaseAxis
    let horizontal: PhaseAxis
    /// Rows of the phase's weights.
    var taps: Int { vertical.taps * horizontal.taps }
  }

  /// All phases, or those with input positions at least.
  var phases: [Phase] {
    (0..<verticalStride * stride).map { phase($0) }
  }

  var phaseCount: Int { verticalStride * stride }

  func phase(_ index: Int) -> Phase {
    Phase(
      vertical: PhaseAxis(
        phase: index / stride, stride: verticalStride, kernel: kernelHeight, padding: verticalPadding,
        extent: height),
      horizontal: PhaseAxis(
        phase: index % stride, stride: stride, kernel: kernelWidth, padding: padding, extent: width))
  }

  /// The output gradient with a border wide enough for every phase.
  var gradientBorder: Border {
    var (top, bottom, left, right) = (0, 0, 0, 0)
    for i in 0..<phaseCount {
      let phase = phase(i)
      top = max(top, phase.vertical.taps - 1 - phase.vertical.shift)
      left = max(left, phase.horizontal.taps - 1 - phase.horizontal.shift)
      bottom = max(bottom, phase.vertical.positions - 1 + phase.vertical.shift - (outHeight - 1))
      right = max(right, phase.horizontal.positions - 1 + phase.horizontal.shift - (outWidth - 1))
    }
    return Border(
      height: outHeight, width: outWidth, channels: outputs, top: top, left: left,
      paddedHeight: top + outHeight + bottom, paddedWidth: left + outWidth + right)
  }

  /// Where each input position's window begins in the padded output gradient, and where the position lies.
  func offsets(of phase: Phase) -> (first: Int, windows: RowOffsets, target: Int, inputs: RowOffsets) {
    let border = gradientBorder
    let y = phase.vertical.shift - phase.vertical.taps + 1 + border.top
    let x = phase.horizontal.shift - phase.horizontal.taps + 1 + border.left
    return (
      y * border.rowCount + x * outputs,
      RowOffsets(
        inner: phase.horizontal.positions, innerStride: outputs, middle: phase.vertical.positions,
        middleStride: border.rowCount, outerStride: border.count),
      (phase.vertical.phase * width + phase.horizontal.phase) * channels,
      RowOffsets(
        inner: phase.horizontal.positions, innerStride: stride * channels,
        middle: phase.vertical.positions, middleStride: verticalStride * width * channels,
        outerStride: height * width * channels)
    )
  }
}

/// An image `[height, width, channels]` with zeros around it.
struct Border: Hashable {
  let height: Int
  let width: Int
  let channels: Int
  let top: Int
  let left: Int
  let paddedHeight: Int
  let paddedWidth: Int

  /// Numbers of a padded row.
  var rowCount: Int { paddedWidth * channels }
  /// Numbers of a padded image.
  var count: Int { paddedHeight * rowCount }
  var isEmpty: Bool { paddedHeight == height && paddedWidth == width }
}

extension Kernels {
  /// Copies images into frames of zeros: `[N, H, W, C]` → `[N, padded H, padded W, C]`.
  static func pad(
    _ source: UnsafePointer<Float>, images: Int, _ border: Border, to target: UnsafeMutablePointer<Float>
  ) {
    let rowCount = border.width * border.channels
    let leftCount = border.left * border.channels
    let rightCount = border.rowCount - leftCount - rowCount
    for n in 0..<images {
      let image = target + n * border.count
      zero(image, border.top * border.rowCount)
      for y in 0..<border.height {
        let row = image + (border.top + y) * border.rowCount
        zero(row, leftCount)
        copy(source + (n * border.height + y) * rowCount, to: row + leftCount, rowCount)
        zero(row + leftCount + rowCount, rightCount)
      }
      let bottom = border.top + border.height
      zero(image + bottom * border.rowCount, (border.paddedHeight - bottom) * border.rowCount)
    }
  }

  @inline(__always)
  private static func zero(_ target: UnsafeMutablePointer<Float>, _ count: Int) {
    var i = 0
    while i + 16 <= count {
      store(Lanes(repeating: 0), target + i)
      i += 16
    }
    while i < count {
      target[i] = 0
      i += 1
    }
  }

  @inline(__always)
  private static func copy(
    _ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    var i = 0
    while i + 16 <= count {
      store(load(source + i), target + i)
      i += 16
    }
    while i < count {
      target[i] = source[i]
      i += 1
    }
  }
}

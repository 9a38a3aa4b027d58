// Convolutions over sequences and images, channels last: [N, L, C] and [N, H, W, C].

/// A learned kernel swept over a sequence: y[n, j, o] = b[o] + Σ x[n, j·stride − padding + t, c]·w[o, c, t],
/// zeros outside.
public struct Convolution1D: Sendable {
  /// `[outputs, inputs, kernel]`.
  public let weight: Parameter
  /// `[outputs]`, added at every position; nil where the layer has none.
  public let bias: Parameter?
  /// Input positions from one output to the next.
  public let stride: Int
  /// Zeros assumed on either side of the sequence.
  public let padding: Int

  /// Channels of the input.
  public var inputs: Int { weight.shape[1] }
  /// Channels of the output.
  public var outputs: Int { weight.shape[0] }
  /// Positions that the kernel covers along an axis.
  public var kernel: Int { weight.shape[2] }

  /// Registers `name.weight` and `name.bias`, both uniform in ±1/√(inputs·kernel).
  public init(
    _ layout: inout ParameterLayout, _ name: String, inputs: Int, outputs: Int, kernel: Int,
    stride: Int = 1, padding: Int = 0, bias: Bool = true
  ) {
    (weight, self.bias) = layout.addKernel(
      name, [outputs, inputs, kernel], outputs: outputs, fanIn: inputs * kernel, bias: bias)
    (self.stride, self.padding) = (stride, padding)
  }
}

/// A learned kernel swept over an image: the same in two dimensions, with a square kernel.
public struct Convolution2D: Sendable {
  /// `[outputs, inputs, kernel, kernel]`.
  public let weight: Parameter
  /// `[outputs]`, added at every pixel; nil where the layer has none.
  public let bias: Parameter?
  /// Input pixels from one output to the next, along both axes.
  public let stride: Int
  /// Zeros assumed on each side of the picture.
  public let padding: Int

  /// Channels of the input.
  public var inputs: Int { weight.shape[1] }
  /// Channels of the output.
  public var outputs: Int { weight.shape[0] }
  /// Positions that the kernel covers along an axis.
  public var kernel: Int { weight.shape[2] }

  /// Registers `name.weight` and `name.bias`, both uniform in ±1/√(inputs·kernel²).
  public init(
    _ layout: inout ParameterLayout, _ name: String, inputs: Int, outputs: Int, kernel: Int,
    stride: Int = 1, padding: Int = 0, bias: Bool = true
  ) {
    (weight, self.bias) = layout.addKernel(
      name, [outputs, inputs, kernel, kernel], outputs: outputs, fanIn: inputs * kernel * kernel, bias: bias)
    (self.stride, self.padding) = (stride, padding)
  }
}

/// The adjoint of a strided convolution, which makes sequences longer:
/// y[n, j·stride − padding + t, o] += x[n, j, c]·w[c, o, t], then + b[o]; length (L − 1)·stride − 2·padding +
/// kernel.
public struct TransposedConvolution1D: Sendable {
  /// `[inputs, outputs, kernel]`.
  public let weight: Parameter
  /// `[outputs]`, added at every position; nil where the layer has none.
  public let bias: Parameter?
  /// Output positions from one input to the next.
  public let stride: Int
  /// Output positions cut off at either end.
  public let padding: Int

  /// Channels of the input.
  public var inputs: Int { weight.shape[0] }
  /// Channels of the output.
  public var outputs: Int { weight.shape[1] }
  /// Positions that the kernel covers along an axis.
  public var kernel: Int { weight.shape[2] }

  /// Registers `name.weight` and `name.bias`, both uniform in ±1/√(outputs·kernel).
  public init(
    _ layout: inout ParameterLayout, _ name: String, inputs: Int, outputs: Int, kernel: Int,
    stride: Int = 1, padding: Int = 0, bias: Bool = true
  ) {
    (weight, self.bias) = layout.addKernel(
      name, [inputs, outputs, kernel], outputs: outputs, fanIn: outputs * kernel, bias: bias)
    (self.stride, self.padding) = (stride, padding)
  }
}

extension ParameterLayout {
  fileprivate mutating func addKernel(
    _ name: String, _ shape: [Int], outputs: Int, fanIn: Int, bias: Bool
  ) -> (weight: Parameter, bias: Parameter?) {
    let bound = 1 / Float(fanIn).squareRoot()
    return (
      add(name + ".weight", shape, .uniform(bound: bound), decays: true),
      bias ? add(name + ".bias", [outputs], .uniform(bound: bound)) : nil
    )
  }
}

struct ConvolutionOperation {
  let shape: ConvolutionShape
  let weight: Parameter
  let bias: Parameter?
  let images: Int
  let input: Tensor
  /// The input within its border; the same as `input` where there is none.
  let padded: Tensor
  let output: Tensor
}

extension Tape {
  /// `[N, L, inputs]` → `[N, (L + 2·padding − kernel) / stride + 1, outputs]`.
  public func convolution(_ input: Tensor, _ layer: Convolution1D) -> Tensor {
    let x = input.shape
    require(
      x.rank == 3 && x[2] == layer.inputs && x[1] + 2 * layer.padding >= layer.kernel,
      "convolution '\(layer.weight.name)': input \(x) does not fit weights \(layer.weight.shape), padding \(layer.padding)"
    )
    let shape = ConvolutionShape(
      width: x[1], channels: x[2], outputs: layer.outputs, kernelWidth: layer.kernel,
      stride: layer.stride, padding: layer.padding)
    return convolution(
      input, shape, layer.weight, layer.bias, Shape(x[0], shape.outWidth, layer.outputs))
  }

  /// `[N, H, W, inputs]` → `[N, (H + 2·padding − kernel) / stride + 1, …, outputs]`.
  public func convolution(_ input: Tensor, _ layer: Convolution2D) -> Tensor {
    let x = input.shape
    require(
      x.rank == 4 && x[3] == layer.inputs && min(x[1], x[2]) + 2 * layer.padding >= layer.kernel,
      "convolution '\(layer.weight.name)': input \(x) does not fit weights \(layer.weight.shape), padding \(layer.padding)"
    )
    let shape = ConvolutionShape(
      height: x[1], width: x[2], channels: x[3], outputs: layer.outputs, kernelHeight: layer.kernel,
      kernelWidth: layer.kernel, stride: layer.stride, padding: layer.padding, isImage: true)
    return convolution(
      input, shape, layer.weight, layer.bias,
      Shape(x[0], shape.outHeight, shape.outWidth, layer.outputs))
  }

  private func convolution(
    _ input: Tensor, _ shape: ConvolutionShape, _ weight: Parameter, _ bias: Parameter?,
    _ outputShape: Shape
  ) -> Tensor {
    let images = input.shape[0]
    let border = shape.inputBorder
    var padded = input
    if !border.isEmpty {
      padded = make(Shape(images, border.count), needsGradient: false)
      Kernels.pad(pointer(input), images: images, border, to: pointer(padded))
    }
    let output = make(outputShape, needsGradient: true)
    convolve(
      pointer(padded), shape, images: images, weight, bias, adds: false, to: pointer(output))
    record(
      .convolution(
        ConvolutionOperation(
          shape: shape, weight: weight, bias: bias, images: images, input: input, padded: padded,
          output: output)))
    return output
  }

  /// Windows of a padded input times weights.
  private func convolve(
    _ padded: UnsafePointer<Float>, _ shape: ConvolutionShape, images: Int, _ weight: Parameter,
    _ bias: Parameter?, adds: Bool, to output: UnsafeMutablePointer<Float>
  ) {
    var operands = TileOperands(
      a: padded, runLength: shape.kernelWidth * shape.channels, c: output,
      bias: bias.map { weights($0) }, adds: adds)
    operands.runs = shape.kernelHeight
    operands.runStride = shape.inputBorder.rowCount
    Kernels.product(
      operands, rows: images * shape.outHeight * shape.outWidth, columns: shape.outputs,
      aOffsets: shape.windowOffsets, cOffsets: .even(shape.outputs),
      panels: panels(weight, .transposed(columns: shape.outputs, k: shape.windowCount)))
  }

  /// The adjoint: windows of a padded output gradient times weights, phase by phase, to input positions.
  ///
  /// - Parameter scratch: room for the padded gradient where it has a border.
  private func convolveBack(
    _ gradient: UnsafePointer<Float>, _ shape: ConvolutionShape, images: Int, _ weight: Parameter,
    _ bias: Parameter?, adds: Bool, scratch: UnsafeMutablePointer<Float>,
    to input: UnsafeMutablePointer<Float>
  ) {
    let border = shape.gradientBorder
    var source = gradient
    if !border.isEmpty {
      Kernels.pad(gradient, images: images, border, to: scratch)
      source = UnsafePointer(scratch)
    }
    let panels = panels(weight, .phases(of: shape))
    for i in 0..<shape.phaseCount {
      let phase = shape.phase(i)
      let offsets = shape.offsets(of: phase)
      var operands = TileOperands(
        a: source + offsets.first, runLength: phase.horizontal.taps * shape.outputs,
        c: input + offsets.target, bias: bias.map { weights($0) }, adds: adds)
      // Without a tap there is nothing to sum: zero runs give the bias, or zeros.
      operands.runs = phase.taps == 0 ? 0 : phase.vertical.taps
      operands.runStride = border.rowCount
      Kernels.product(
        operands, rows: images * phase.vertical.positions * phase.horizontal.positions,
        columns: shape.channels, aOffsets: offsets.windows, cOffsets: offsets.inputs,
        panels: panels + Packing.phaseOffset(i, shape))
    }
  }

  /// dW (+)= dyᵀ·windows.
  private func addKernelGradient(
    _ gradient: UnsafePointer<Float>, windowsOf padded: UnsafePointer<Float>, _ shape: ConvolutionShape,
    images: Int, scratch: UnsafeMutablePointer<Float>, into target: UnsafeMutablePointer<Float>
  ) {
    Kernels.outerProduct(
      gradient, padded, rows: images * shape.outHeight * shape.outWidth, m: shape.outputs,
      n: shape.windowCount, bOffsets: shape.windowOffsets, bRuns: shape.kernelHeight,
      bRunStride: shape.inputBorder.rowCount, adds: true, scratch: scratch, into: target)
  }

  func convolutionBackward(_ operation: ConvolutionOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    let (shape, images) = (operation.shape, operation.images)
    if let target = weightGradient(operation.weight) {
      addKernelGradient(
        gradient, windowsOf: pointer(operation.padded), shape, images: images,
        scratch: scratch(Kernels.outerProductScratch(columns: shape.windowCount)), into: target)
    }
    if let bias = operation.bias, let target = weightGradient(bias) {
      Kernels.addColumnSums(
        gradient, rows: operation.output.shape.rows, columns: shape.outputs, into: target)
    }
    if let (target, isFresh) = accumulator(of: operation.input) {
      convolveBack(
        gradient, shape, images: images, operation.weight, nil, adds: !isFresh,
        scratch: scratch(images * shape.gradientBorder.count), to: target)
    }
  }

  /// `[N, L, inputs]` → `[N, (L − 1)·stride − 2·padding + kernel, outputs]`.
  public func transposedConvolution(_ input: Tensor, _ layer: TransposedConvolution1D) -> Tensor {
    let x = input.shape
    let length = (x[1] - 1) * layer.stride - 2 * layer.padding + layer.kernel
    require(
      x.rank == 3 && x[2] == layer.inputs && length > 0,
      "transposedConvolution '\(layer.weight.name)': input \(x) does not fit weights \(layer.weight.shape), padding \(layer.padding)"
    )
    // The convolution whose adjoint this is goes from our output to our input.
    let shape = ConvolutionShape(
      width: length, channels: layer.outputs, outputs: layer.inputs, kernelWidth: layer.kernel,
      stride: layer.stride, padding: layer.padding)
    let output = make(Shape(x[0], length, layer.outputs), needsGradient: true)
    convolveBack(
      pointer(input), shape, images: x[0], layer.weight, layer.bias, adds: false,
      scratch: scratch(x[0] * shape.gradientBorder.count), to: pointer(output))
    record(
      .transposedConvolution(
        ConvolutionOperation(
          shape: shape, weight: layer.weight, bias: layer.bias, images: x[0], input: input,
          padded: input, output: output)))
    return output
  }

  func transposedConvolutionBackward(_ operation: ConvolutionOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    let (shape, images) = (operation.shape, operation.images)
    if let bias = operation.bias, let target = weightGradient(bias) {
      Kernels.addColumnSums(
        gradient, rows: operation.output.shape.rows, columns: shape.channels, into: target)
    }
    let border = shape.inputBorder
    let paddedCount = border.isEmpty ? 0 : images * border.count
    let space = scratch(paddedCount + Kernels.outerProductScratch(columns: shape.windowCount))
    if !border.isEmpty { Kernels.pad(gradient, images: images, border, to: space) }
    let padded = border.isEmpty ? UnsafePointer(gradient) : UnsafePointer(space)
    if let target = weightGradient(operation.weight) {
      addKernelGradient(
        pointer(operation.input), windowsOf: padded, shape, images: images,
        scratch: space + paddedCount, into: target)
    }
    if let (target, isFresh) = accumulator(of: operation.input) {
      convolve(
        padded, shape, images: images, operation.weight, nil, adds: !isFresh, to: target)
    }
  }
}

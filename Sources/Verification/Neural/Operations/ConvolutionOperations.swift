// Convolutions and pooling. The reference has channels on the second axis, a tape on the last.

import PlanarNeuralNetworks

/// Stride and padding of a convolution, checked.
private struct Sweep {
  let kernel: Int
  let stride: Int
  let padding: Int

  init(_ reader: OperationReader, kernel: Int) throws {
    guard try reader.count("kernel", 1...1 << 16) == kernel else {
      throw reader.failure("has a 'kernel' that is not its weights' \(kernel)")
    }
    self.kernel = kernel
    stride = try reader.count("stride", 1...1 << 16)
    padding = try reader.count("pad", 0...1 << 16)
  }

  func outputLength(_ reader: OperationReader, _ length: Int) throws -> Int {
    guard length + 2 * padding >= kernel else {
      throw reader.failure("has a kernel of \(kernel) over a length of \(length) and padding \(padding)")
    }
    return (length + 2 * padding - kernel) / stride + 1
  }
}

@Sendable func convolution1DPlan(_ reader: OperationReader) throws -> OperationPlan {
  let weight = try reader.shape("param.w", [nil, nil, nil])
  let input = try reader.shape("in.x", [nil, weight[1], nil])
  let sweep = try Sweep(reader, kernel: weight[2])
  _ = try reader.shape("out", [input[0], weight[0], sweep.outputLength(reader, input[2])])
  var layout = ParameterLayout()
  let layer = Convolution1D(
    &layout, "conv", inputs: weight[1], outputs: weight[0], kernel: sweep.kernel,
    stride: sweep.stride, padding: sweep.padding, bias: reader.has("param.b"))
  return plan(layout, layer.weight, layer.bias, rank: 3) {
    $0.tape.convolution($0.input("x"), layer)
  }
}

@Sendable func convolution2DPlan(_ reader: OperationReader) throws -> OperationPlan {
  let weight = try reader.shape("param.w", [nil, nil, nil, nil])
  _ = try reader.shape("param.w", [nil, nil, nil, weight[2]])
  let input = try reader.shape("in.x", [nil, weight[1], nil, nil])
  let sweep = try Sweep(reader, kernel: weight[2])
  _ = try reader.shape(
    "out",
    [input[0], weight[0], sweep.outputLength(reader, input[2]), sweep.outputLength(reader, input[3])])
  var layout = ParameterLayout()
  let layer = Convolution2D(
    &layout, "conv", inputs: weight[1], outputs: weight[0], kernel: sweep.kernel,
    stride: sweep.stride, padding: sweep.padding, bias: reader.has("param.b"))
  return plan(layout, layer.weight, layer.bias, rank: 4) {
    $0.tape.convolution($0.input("x"), layer)
  }
}

@Sendable func transposedConvolutionPlan(_ reader: OperationReader) throws -> OperationPlan {
  let weight = try reader.shape("param.w", [nil, nil, nil])
  let input = try reader.shape("in.x", [nil, weight[0], nil])
  let sweep = try Sweep(reader, kernel: weight[2])
  let length = (input[2] - 1) * sweep.stride - 2 * sweep.padding + sweep.kernel
  _ = try reader.shape("out", [input[0], weight[1], length])
  var layout = ParameterLayout()
  let layer = TransposedConvolution1D(
    &layout, "conv", inputs: weight[0], outputs: weight[1], kernel: sweep.kernel,
    stride: sweep.stride, padding: sweep.padding, bias: reader.has("param.b"))
  return plan(layout, layer.weight, layer.bias, rank: 3) {
    $0.tape.transposedConvolution($0.input("x"), layer)
  }
}

private func plan(
  _ layout: ParameterLayout, _ weight: Parameter, _ bias: Parameter?, rank: Int,
  _ body: @escaping @Sendable (OperationRun) -> Tensor
) -> OperationPlan {
  var parameters = ["w": weight]
  if let bias { parameters["b"] = bias }
  let order = Arrangement.channelsLast(rank: rank)
  return OperationPlan(
    layout, parameters: parameters, arrangements: ["x": order, "out": order], body)
}

@Sendable func maximumPoolPlan(_ reader: OperationReader) throws -> OperationPlan {
  let input = try reader.shape("in.x", [nil, nil, nil, nil])
  guard input[2] >= 2, input[3] >= 2 else {
    throw reader.failure("has an input \(input) that no window of 2 × 2 fits into")
  }
  _ = try reader.shape("out", [input[0], input[1], input[2] / 2, input[3] / 2])
  let order = Arrangement.channelsLast(rank: 4)
  return OperationPlan(parameters: [:], arrangements: ["x": order, "out": order]) {
    $0.tape.maxPool2D($0.input("x"))
  }
}

@Sendable func averagePoolPlan(_ reader: OperationReader) throws -> OperationPlan {
  let input = try reader.shape("in.x", [nil, nil, nil, nil])
  _ = try reader.shape("out", [input[0], input[1]])
  return OperationPlan(parameters: [:], arrangements: ["x": .channelsLast(rank: 4)]) {
    $0.tape.globalAveragePool($0.input("x"))
  }
}

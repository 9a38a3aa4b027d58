// Normalisations and softmax.

import PlanarNeuralNetworks

@Sendable func softmaxPlan(_ reader: OperationReader) throws -> OperationPlan {
  _ = try reader.shape("out", reader.shape("in.x"))
  return OperationPlan(parameters: [:]) { $0.tape.softmax($0.input("x")) }
}

@Sendable func logSoftmaxPlan(_ reader: OperationReader) throws -> OperationPlan {
  _ = try reader.shape("out", reader.shape("in.x"))
  return OperationPlan(parameters: [:]) { $0.tape.logSoftmax($0.input("x")) }
}

@Sendable func layerNormPlan(_ reader: OperationReader) throws -> OperationPlan {
  let input = try reader.shape("in.x")
  let width = input[input.count - 1]
  _ = try reader.shape("out", input)
  var layout = ParameterLayout()
  let layer = LayerNorm(&layout, "norm", width: width, epsilon: try reader.positive("eps"))
  return OperationPlan(layout, parameters: ["w": layer.gain!, "b": layer.shift!]) {
    $0.tape.layerNorm($0.input("x"), layer)
  }
}

@Sendable func rmsNormPlan(_ reader: OperationReader) throws -> OperationPlan {
  let input = try reader.shape("in.x")
  _ = try reader.shape("out", input)
  var layout = ParameterLayout()
  let layer = RMSNorm(
    &layout, "norm", width: input[input.count - 1], epsilon: try reader.positive("eps"))
  return OperationPlan(layout, parameters: ["w": layer.gain]) {
    $0.tape.rmsNorm($0.input("x"), layer)
  }
}

@Sendable func groupNormPlan(_ reader: OperationReader) throws -> OperationPlan {
  let input = try reader.shape("in.x")
  guard input.count >= 2 else { throw reader.failure("has an input \(input) without channels") }
  _ = try reader.shape("out", input)
  let groups = try reader.count("groups", 1...input[1])
  guard input[1] % groups == 0 else {
    throw reader.failure("has \(groups) groups of \(input[1]) channels, which do not divide them")
  }
  var layout = ParameterLayout()
  let layer = GroupNorm(
    &layout, "norm", groups: groups, channels: input[1], epsilon: try reader.positive("eps"))
  let order = Arrangement.channelsLast(rank: input.count)
  return OperationPlan(
    layout, parameters: ["w": layer.gain, "b": layer.shift], arrangements: ["x": order, "out": order]
  ) { $0.tape.groupNorm($0.input("x"), layer) }
}

// Linear layers, tables, gated units, modulation, and what acts number by number.

import PlanarNeuralNetworks

@Sendable func linearPlan(_ reader: OperationReader) throws -> OperationPlan {
  let weight = try reader.shape("param.w", [nil, nil])
  let input = try reader.shape("in.x")
  _ = try reader.shape("in.x", input.dropLast() + [weight[1]])
  _ = try reader.shape("out", input.dropLast() + [weight[0]])
  var layout = ParameterLayout()
  let layer = Linear(
    &layout, "linear", inputs: weight[1], outputs: weight[0], bias: reader.has("param.b"))
  var parameters = ["w": layer.weight]
  if let bias = layer.bias { parameters["b"] = bias }
  return OperationPlan(layout, parameters: parameters) { $0.tape.linear($0.input("x"), layer) }
}

@Sendable func embeddingPlan(_ reader: OperationReader) throws -> OperationPlan {
  let table = try reader.shape("param.w", [nil, nil])
  let extents = try reader.shape("in.ids", [nil, nil])
  _ = try reader.shape("out", extents + [table[1]])
  let indices = try reader.indices("in.ids", below: table[0])
  var layout = ParameterLayout()
  let layer = Embedding(&layout, "table", entries: table[0], width: table[1])
  var plan = OperationPlan(layout, parameters: ["w": layer.table]) { run in
    indices.withUnsafeBufferPointer {
      run.tape.embed($0, rows: extents[0], columns: extents[1], layer)
    }
  }
  plan.constants = ["ids"]
  return plan
}

@Sendable func swiGLUPlan(_ reader: OperationReader) throws -> OperationPlan {
  let gate = try reader.shape("param.w_gate", [nil, nil])
  let input = try reader.shape("in.x")
  _ = try reader.shape("in.x", input.dropLast() + [gate[1]])
  _ = try reader.shape("out", input)
  var layout = ParameterLayout()
  let layer = SwiGLU(&layout, "swiglu", width: gate[1], hidden: gate[0])
  return OperationPlan(
    layout,
    parameters: [
      "w_gate": layer.gate.weight, "w_up": layer.up.weight, "w_down": layer.down.weight,
    ]
  ) { $0.tape.swiGLU($0.input("x"), layer) }
}

func activationPlan(_ activation: Activation) -> OperationKind {
  return { reader in
    _ = try reader.shape("out", reader.shape("in.x"))
    return OperationPlan(parameters: [:]) { $0.tape.activate($0.input("x"), activation) }
  }
}

/// scale·x + shift per channel.
@Sendable func filmPlan(_ reader: OperationReader) throws -> OperationPlan {
  let input = try reader.shape("in.x", [nil, nil, nil])
  for name in ["in.scale", "in.shift"] { _ = try reader.shape(name, [input[0], input[1]]) }
  _ = try reader.shape("out", input)
  let order = Arrangement.channelsLast(rank: 3)
  return OperationPlan(parameters: [:], arrangements: ["x": order, "out": order]) { run in
    let film = run.tape.concatenateChannels(run.input("scale"), run.input("shift"))
    return run.tape.modulate(
      run.input("x"), by: film, scaleColumn: 0, shiftColumn: input[1], scaleOffset: 0)
  }
}

@Sendable func sinusoidalPlan(_ reader: OperationReader) throws -> OperationPlan {
  let width = try reader.count("dim", 4...1 << 20)
  guard width % 2 == 0 else { throw reader.failure("has an odd dim \(width)") }
  let times = try reader.shape("in.t", [nil])
  _ = try reader.shape("out", [times[0], width])
  return OperationPlan(parameters: [:]) { $0.tape.sinusoidalEmbedding(of: $0.input("t"), width: width) }
}

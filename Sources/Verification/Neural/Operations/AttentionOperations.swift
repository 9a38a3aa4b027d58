// Attention with its projections, and rotary positions.

import PlanarNeuralNetworks

@Sendable func attentionPlan(_ reader: OperationReader) throws -> OperationPlan {
  let query = try reader.shape("in.x", [nil, nil, nil])
  let (batch, width) = (query[0], query[2])
  let context = reader.has("in.kv") ? try reader.shape("in.kv", [batch, nil, width]) : query
  _ = try reader.shape("out", query)
  if reader.has("in.valid") { _ = try reader.shape("in.valid", [batch, context[1]]) }
  let heads = try reader.count("heads", 1...width)
  guard width % heads == 0 else {
    throw reader.failure("has \(heads) heads of \(width) columns, which do not divide them")
  }
  if reader.has("mid.attn") {
    _ = try reader.shape("mid.attn", [batch, heads, query[1], context[1]])
  }
  let (isMasked, isCausal) = (reader.has("in.valid"), try reader.flag("causal"))
  return reader.has("in.kv")
    ? crossAttentionPlan(width: width, heads: heads, isMasked: isMasked, isCausal: isCausal)
    : selfAttentionPlan(width: width, heads: heads, isMasked: isMasked, isCausal: isCausal)
}

/// Where the reference's separate projections `names` lie in one layer, one under the other.
private func parts(_ names: [String], of layer: Linear) -> [String: ParameterPart] {
  let width = layer.outputs / names.count
  var parts: [String: ParameterPart] = [:]
  for (i, name) in names.enumerated() {
    let rows = i * width..<(i + 1) * width
    parts["w" + name] = ParameterPart(layer.weight, rows: rows)
    parts["b" + name] = ParameterPart(layer.bias!, rows: rows)
  }
  return parts
}

/// Queries, keys and values of one sequence come from one product.
private func selfAttentionPlan(width: Int, heads: Int, isMasked: Bool, isCausal: Bool) -> OperationPlan {
  var layout = ParameterLayout()
  let packed = Linear(&layout, "qkv", inputs: width, outputs: 3 * width)
  let mix = Linear(&layout, "mix", inputs: width, outputs: width)
  return OperationPlan(
    layout, parameters: parts(["q", "k", "v"], of: packed).merging(parts(["o"], of: mix)) { $1 },
    between: ["attn"],
    .tensor { run in
      let mixed = run.tape.attention(
        queriesKeysValues: run.tape.linear(run.input("x"), packed), heads: heads,
        keyMask: isMasked ? run.input("valid") : nil, causal: isCausal)
      run.between["attn"] = run.tape.attentionProbabilities(of: mixed)
      return run.tape.linear(mixed, mix)
    })
}

/// Keys and values of another sequence come from one product.
private func crossAttentionPlan(width: Int, heads: Int, isMasked: Bool, isCausal: Bool) -> OperationPlan {
  var layout = ParameterLayout()
  let query = Linear(&layout, "q", inputs: width, outputs: width)
  let keyValue = Linear(&layout, "kv", inputs: width, outputs: 2 * width)
  let mix = Linear(&layout, "mix", inputs: width, outputs: width)
  return OperationPlan(
    layout,
    parameters: parts(["q"], of: query).merging(parts(["k", "v"], of: keyValue)) { $1 }
      .merging(parts(["o"], of: mix)) { $1 },
    between: ["attn"],
    .tensor { run in
      let mixed = run.tape.attention(
        queries: run.tape.linear(run.input("x"), query),
        keysValues: run.tape.linear(run.input("kv"), keyValue), heads: heads,
        keyMask: isMasked ? run.input("valid") : nil, causal: isCausal)
      run.between["attn"] = run.tape.attentionProbabilities(of: mixed)
      return run.tape.linear(mixed, mix)
    })
}

@Sendable func ropePlan(_ reader: OperationReader) throws -> OperationPlan {
  let input = try reader.shape("in.x", [nil, nil, nil, nil])
  let (batch, heads, length, width) = (input[0], input[1], input[2], input[3])
  guard width % 2 == 0 else { throw reader.failure("has heads of an odd width \(width)") }
  _ = try reader.shape("in.pos", [length])
  _ = try reader.shape("out", input)
  let positions = try reader.indices("in.pos", below: Int(Int32.max))
  let base = try reader.positive("base")
  let style: RotaryStyle =
    switch try reader.word("style") {
    case "half": .half
    case "interleaved": .interleaved
    case let other: throw reader.failure("has the unknown style '\(other)'")
    }
  // [B, heads, L, columns] → [B, L, heads · columns].
  let order = Arrangement(order: [0, 2, 1, 3], shape: [batch, length, heads * width])
  return OperationPlan(
    ParameterLayout(), arrangements: ["x": order, "out": order], constants: ["pos"],
    .tensor {
      $0.tape.rope(
        $0.input("x"), heads: heads, positions: positions, style: style, base: Double(base))
    })
}

// How each reference network is built here, and where its parameters lie.

import PlanarNeuralNetworks
import PlanarPolicies

/// A network with its batch, ready to be put on a tape.
struct ModelPlan: Sendable {
  var layout: ParameterLayout
  /// Where each of the reference's parameters lies.
  var parameters: [String: ParameterPart]
  /// Whether what stands between the parts has channels second in the reference.
  var isChannelsFirst = false
  /// Records the network and its loss.
  ///
  /// - Parameter onPart: called with what stands between the parts, by the reference's names.
  var record: @Sendable (_ tape: Tape, _ onPart: (String, Tensor) -> Void) -> (output: Tensor, loss: Float)
}

/// What a plan reads of its model.
struct ModelReader {
  let name: String
  let entry: ModelEntry
  let tensors: ReferenceTensors

  var sizes: ModelConfiguration { entry.config }

  func batch(_ tensor: String, _ shape: [Int]) throws -> [Float] {
    try tensors.floats("\(name).batch.\(tensor)", shape: shape.map { $0 }).numbers
  }

  func batch(_ tensor: String, _ shape: [Int], below limit: Int) throws -> [Int32] {
    try tensors.indices("\(name).batch.\(tensor)", below: limit, shape: shape.map { $0 })
  }
}

typealias ModelKind = @Sendable (ModelReader) throws -> ModelPlan

let modelKinds: [String: ModelKind] = [
  "bc": behaviourCloningPlan, "act": chunkTransformerPlan, "unet": conditionalUNetPlan,
]

extension ParameterLayout {
  /// All parameters under their own names.
  fileprivate var parts: [String: ParameterPart] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, ParameterPart($0)) })
  }
}

@Sendable private func behaviourCloningPlan(_ reader: ModelReader) throws -> ModelPlan {
  let (batch, inputs) = (try reader.sizes.count("batch"), try reader.sizes.count("obs"))
  let (chunk, actions) = (try reader.sizes.count("chunk"), try reader.sizes.count("act"))
  let observations = try reader.batch("obs", [batch, inputs])
  let targets = try reader.batch("target", [batch, chunk, actions])
  var layout = ParameterLayout()
  let network = MLP(
    &layout, "net", sizes: [inputs] + (try reader.sizes.counts("hidden")) + [chunk * actions])
  return ModelPlan(layout: layout, parameters: layout.parts) { tape, onPart in
    let flat = withoutActuallyEscaping(onPart) { onPart in
      tape.mlp(tape.input(Shape(batch, inputs), observations), network) { onPart("hidden.\($0)", $1) }
    }
    let output = tape.reshape(flat, Shape(batch, chunk, actions))
    return (output, tape.loss(.meanSquaredError, output, tape.input(output.shape, targets)))
  }
}

@Sendable private func chunkTransformerPlan(_ reader: ModelReader) throws -> ModelPlan {
  var sizes = ChunkTransformer.Sizes()
  sizes.observationTokens = try reader.sizes.count("obs_tokens")
  sizes.observationWidth = try reader.sizes.count("obs_dim")
  sizes.textTokens = try reader.sizes.count("text_tokens")
  sizes.vocabulary = try reader.sizes.count("vocab")
  sizes.width = try reader.sizes.count("d")
  sizes.heads = try reader.sizes.count("heads")
  sizes.hidden = try reader.sizes.count("ffn")
  sizes.encoderLayers = try reader.sizes.count("enc_layers", least: 0)
  sizes.decoderLayers = try reader.sizes.count("dec_layers", least: 0)
  sizes.queries = try reader.sizes.count("queries")
  sizes.actions = try reader.sizes.count("act")
  sizes.epsilon = try reader.sizes.positive("ln_eps")
  guard sizes.width % sizes.heads == 0 else {
    throw ReferenceError("its config has \(sizes.heads) heads that do not divide d \(sizes.width)")
  }
  let batch = try reader.sizes.count("batch")
  let tokenShape = Shape(batch, sizes.observationTokens, sizes.observationWidth)
  let observations = try reader.batch(
    "obs", [batch, sizes.observationTokens, sizes.observationWidth])
  let words = try reader.batch("text", [batch, sizes.textTokens], below: sizes.vocabulary)
  let targets = try reader.batch("target", [batch, sizes.queries, sizes.actions])
  let valid = try reader.batch("valid", [batch, sizes.queries])
  let maskShape = Shape(batch, sizes.queries)

  var layout = ParameterLayout()
  let network = ChunkTransformer(&layout, sizes: sizes)
  return ModelPlan(layout: layout, parameters: parts(of: network, layout)) { tape, onPart in
    let output = withoutActuallyEscaping(onPart) {
      network.predict(tape.input(tokenShape, observations), words: words, on: tape, onPart: $0)
    }
    let loss = tape.loss(
      .meanAbsoluteError, output, tape.input(output.shape, targets),
      mask: tape.input(maskShape, valid))
    return (output, loss)
  }
}

/// The reference has each projection apart; here some lie under each other.
private func parts(of network: ChunkTransformer, _ layout: ParameterLayout) -> [String: ParameterPart] {
  var parts = layout.parts
  func rename(_ name: String, _ parameter: Parameter, rows: Range<Int>? = nil) {
    parts[parameter.name] = nil
    parts[name] = ParameterPart(parameter, rows: rows)
  }
  func split(_ name: String, _ projections: [String], _ layer: Linear) {
    let width = layer.outputs / projections.count
    for (i, projection) in projections.enumerated() {
      let rows = i * width..<(i + 1) * width
      rename("\(name).\(projection)_proj.weight", layer.weight, rows: rows)
      rename("\(name).\(projection)_proj.bias", layer.bias!, rows: rows)
    }
  }
  rename("enc_pos", network.positions.table)
  rename("queries", network.queries.table)
  for (kind, layers) in [("encoder", network.encoder), ("decoder", network.decoder)] {
    for (i, layer) in layers.enumerated() {
      let name = "\(kind).\(i)." + (kind == "encoder" ? "attn" : "self_attn")
      split(name, ["q", "k", "v"], layer.selfAttention.project)
      split(name, ["o"], layer.selfAttention.mix)
      guard let cross = layer.crossAttention else { continue }
      split("\(kind).\(i).cross_attn", ["q"], cross.query)
      split("\(kind).\(i).cross_attn", ["k", "v"], cross.keyValue)
      split("\(kind).\(i).cross_attn", ["o"], cross.mix)
    }
  }
  return parts
}

@Sendable private func conditionalUNetPlan(_ reader: ModelReader) throws -> ModelPlan {
  var sizes = ConditionalUNet.Sizes()
  sizes.actions = try reader.sizes.count("act")
  sizes.horizon = try reader.sizes.count("horizon")
  sizes.condition = try reader.sizes.count("global_cond")
  sizes.timeWidth = try reader.sizes.count("t_dim", least: 4)
  sizes.levels = try reader.sizes.counts("down_dims")
  sizes.kernel = try reader.sizes.count("kernel")
  sizes.groups = try reader.sizes.count("groups")
  sizes.epsilon = try reader.sizes.positive("gn_eps")
  let (levels, groups) = (sizes.levels, sizes.groups)
  guard !levels.isEmpty, levels.count < 16, levels.allSatisfy({ $0 % groups == 0 }) else {
    throw ReferenceError("its config has down_dims \(levels), which \(groups) groups do not divide")
  }
  guard sizes.horizon % (1 << (levels.count - 1)) == 0, sizes.kernel % 2 == 1, sizes.timeWidth % 2 == 0
  else {
    throw ReferenceError(
      "its config has horizon \(sizes.horizon), kernel \(sizes.kernel) and t_dim \(sizes.timeWidth); expected a horizon that can be halved \(levels.count - 1) times, an odd kernel and an even t_dim"
    )
  }
  let batch = try reader.sizes.count("batch")
  let extents = [batch, sizes.horizon, sizes.actions]
  let sample = try reader.batch("sample", extents)
  let targets = try reader.batch("target", extents)
  let times = try reader.batch("timestep", [batch], below: 1 << 24).map(Float.init)
  let conditions = try reader.batch("global_cond", [batch, sizes.condition])
  let conditionShape = Shape(batch, sizes.condition)

  var layout = ParameterLayout()
  let network = ConditionalUNet(&layout, sizes: sizes)
  return ModelPlan(
    layout: layout, parameters: parts(of: network, layout), isChannelsFirst: true
  ) { tape, onPart in
    let condition = network.condition(
      times: tape.input(Shape(batch), times), observation: tape.input(conditionShape, conditions),
      on: tape)
    onPart("cond", condition)
    let output = withoutActuallyEscaping(onPart) {
      network.predict(
        tape.input(Shape(extents: extents), sample), films: network.films(condition: condition, on: tape),
        on: tape, onPart: $0)
    }
    return (output, tape.loss(.meanSquaredError, output, tape.input(output.shape, targets)))
  }
}

/// The reference has a map from the condition in each residual block; here they lie under each other.
private func parts(of network: ConditionalUNet, _ layout: ParameterLayout) -> [String: ParameterPart] {
  var parts = layout.parts
  parts[network.films.weight.name] = nil
  parts[network.films.bias!.name] = nil
  for block in network.residuals {
    let rows = block.filmColumn..<block.filmColumn + 2 * block.channels
    parts[block.name + ".cond_encoder.1.weight"] = ParameterPart(network.films.weight, rows: rows)
    parts[block.name + ".cond_encoder.1.bias"] = ParameterPart(network.films.bias!, rows: rows)
  }
  return parts
}

// Action chunking with transformers (Zhao et al. 2023, arXiv 2304.13705): a conditional variational autoencoder
// of chunks. In training the posterior tells the decoder which of several ways a demonstration took, so that the
// decoder need not average them; acting, the latent is the prior's mean.
//
//   [CLS] context, actions ─► encoder ─► mean, log-variance ─► latent (zero at inference)
//                                                                │
//   H learned queries ─► decoder layers, which see context tokens + latent token ─► H actions

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

/// The `act` head: L1 on the chunk, plus `klWeight` times the divergence, summed over the latent's numbers and
/// averaged over rows, as the authors' code has it.
struct ACTHead: ActionHead {
  fileprivate let setting: HeadSetting
  private let options: ACTOptions
  private let summary: Embedding
  private let positions: Embedding
  private let contextIn: Linear
  private let actionIn: Linear
  private let encoder: [TransformerLayer]
  private let encoderNorm: LayerNorm
  private let posterior: Linear
  private let latentIn: Linear
  private let decoder: QueryDecoder
  private let output: Linear
  private let draw = LatentDraw()

  init(_ layout: inout ParameterLayout, _ options: ACTOptions, _ setting: HeadSetting) {
    let sizes = options.decoder
    let width = sizes.width
    self.options = options
    self.setting = setting
    summary = Embedding(&layout, "head.summary", entries: 1, width: width, deviation: 0.5)
    positions = Embedding(
      &layout, "head.positions", entries: setting.horizon, width: width, deviation: 0.5)
    contextIn = Linear(&layout, "head.context_in", inputs: setting.contextWidth, outputs: width)
    actionIn = Linear(&layout, "head.action_in", inputs: setting.action, outputs: width)
    encoder = (0..<options.encoderLayers).map {
      TransformerLayer(
        &layout, "head.encoder.\($0)", width: width, heads: sizes.heads,
        feedForward: sizes.feedForward)
    }
    encoderNorm = LayerNorm(&layout, "head.encoder_norm", width: width)
    posterior = Linear(&layout, "head.posterior", inputs: width, outputs: 2 * options.latent)
    latentIn = Linear(
      &layout, "head.latent_in", inputs: options.latent, outputs: setting.contextWidth)
    decoder = QueryDecoder(
      &layout, "head.decoder", sizes, length: setting.horizon, contextWidth: setting.contextWidth)
    output = Linear(
      &layout, "head.output", inputs: width, outputs: setting.action, initializer: .xavier(gain: 0.1))
  }

  func loss(_ example: HeadExample, on tape: Tape, noise: inout RandomStream) -> Float {
    let (rows, latents) = (example.rows, options.latent)
    let clean = tape.input(Shape(rows, setting.horizon, setting.action)) { target in
      for i in 0..<target.count { target[i] = example.chunks[i] }
    }
    let random = tape.input(Shape(rows, latents)) { target in
      for i in 0..<target.count { target[i] = Float(noise.normal()) }
    }
    // Detached: the divergence of a new posterior is by far louder than the error of the actions, and would slow down
    // what the trunk learns for them.
    let statistics = encode(clean, context: tape.detach(example.context), on: tape)
    let drawn = tape.custom(draw, statistics, random, outputShape: statistics.shape)
    let latent = tape.columns(drawn, 0..<latents)
    let divergence = tape.columns(drawn, latents..<2 * latents)
    let chunks = decode(latent, context: example.context, on: tape)
    let zeros = tape.input(divergence.shape) { $0.update(repeating: 0) }
    // A divergence is never negative, so its absolute value is itself.
    return tape.loss(.meanAbsoluteError, chunks, clean, count: example.count)
      + tape.loss(
        .meanAbsoluteError, divergence, zeros, count: example.count / setting.chunkCount,
        weight: options.klWeight)
  }

  /// The posterior of chunks `[rows, horizon, action]`: means and log-variances, `[rows, 2·latent]`.
  private func encode(_ chunks: Tensor, context: Tensor, on tape: Tape) -> Tensor {
    let rows = chunks.shape[0]
    let actions = tape.addBroadcast(
      tape.linear(chunks, actionIn), tape.rows(of: positions, batch: 1))
    let known = tape.concatenateTokens(
      tape.rows(of: summary, batch: rows), tape.linear(context, contextIn))
    var x = tape.concatenateTokens(known, actions)
    for (i, layer) in encoder.enumerated() {
      x = layer(x, keeping: i == encoder.count - 1 ? 1 : x.shape[1], on: tape)
    }
    let whole = tape.reshape(tape.layerNorm(x, encoderNorm), Shape(rows, posterior.inputs))
    return tape.linear(whole, posterior)
  }

  /// Latents `[rows, latent]` → chunks `[rows, horizon, action]`.
  fileprivate func decode(_ latent: Tensor, context: Tensor, on tape: Tape) -> Tensor {
    let token = tape.reshape(
      tape.linear(latent, latentIn), Shape(latent.shape[0], 1, setting.contextWidth))
    return tape.linear(decoder(tape.concatenateTokens(context, token), on: tape), output)
  }

  func makeSampler(_ setting: SamplerSetting) -> any ChunkSampler {
    ACTSampler(head: self, tape: setting.tape)
  }

  /// The most likely latent.
  fileprivate func priorMean(rows: Int, on tape: Tape) -> Tensor {
    tape.input(Shape(rows, options.latent)) { $0.update(repeating: 0) }
  }
}

private final class ACTSampler: ChunkSampler {
  private let head: ACTHead
  private let tape: Tape

  init(head: ACTHead, tape: Tape) {
    self.head = head
    self.tape = tape
  }

  func sample(
    _ context: Tensor, unconditional: Tensor?, requests: inout [PolicyRequest],
    into chunks: UnsafeMutableBufferPointer<Float>
  ) {
    let latent = head.priorMean(rows: context.shape[0], on: tape)
    tape.withValues(of: head.decode(latent, context: context, on: tape)) { answer in
      for i in answer.indices { chunks[i] = answer[i] }
    }
  }
}

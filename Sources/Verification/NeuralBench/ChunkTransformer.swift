// W2: a transformer that reads observation tokens and answers with an action chunk, one learned query per action
// (Zhao et al. 2023, without its latent variable).
//
//   observation ─► tokens [+ text tokens] + positions ─► encoder layers ─► norm ─► memory
//   learned queries ─► decoder layers (self-attention, attention to memory, feed-forward) ─► norm ─► head

import PlanarNeuralNetworks

/// A pre-norm encoder and decoder.
public struct ChunkTransformer: Sendable {
  /// Extents; the defaults are those of W2.
  public struct Sizes: Sendable {
    /// Tokens of the observation.
    public var observationTokens = 16
    /// Features of an observation's token.
    public var observationWidth = 32
    /// Tokens of text behind those of the observation; none by default.
    public var textTokens = 0
    /// Entries of the text embedding; used only where there are text tokens.
    public var vocabulary = 0
    /// Features of a token within the network.
    public var width = 128
    /// Attention heads; they divide `width`.
    public var heads = 4
    /// Features within a feed-forward part.
    public var hidden = 512
    /// Layers of the encoder.
    public var encoderLayers = 4
    /// Layers of the decoder.
    public var decoderLayers = 4
    /// Actions of a chunk, one learned query each.
    public var queries = 16
    /// Numbers of an action.
    public var actions = 2
    /// Of the layer norms.
    public var epsilon: Float = 1e-5

    /// The sizes of W2.
    public init() {}
    /// All tokens that the encoder reads.
    public var tokens: Int { observationTokens + textTokens }
  }

  /// x + attention(norm(x)), x + attention(norm(x), memory) in the decoder, x + f(norm(x)).
  public struct Layer: Sendable {
    /// Before attention of the tokens among themselves.
    public let selfNorm: LayerNorm
    /// Attention of the tokens among themselves.
    public let selfAttention: SelfAttention
    /// Before attention to the memory; nil in the encoder.
    public let crossNorm: LayerNorm?
    /// Attention to the memory; nil in the encoder.
    public let crossAttention: MultiHeadAttention?
    /// Before the feed-forward part.
    public let hiddenNorm: LayerNorm
    /// The feed-forward part's first layer: width → hidden features.
    public let expand: Linear
    /// The feed-forward part's second layer: hidden features → width.
    public let contract: Linear

    init(_ layout: inout ParameterLayout, _ name: String, _ sizes: Sizes, decodes: Bool) {
      let width = sizes.width
      selfNorm = LayerNorm(&layout, name + ".ln1", width: width, epsilon: sizes.epsilon)
      selfAttention = SelfAttention(
        &layout, name + (decodes ? ".self_attn" : ".attn"), width: width, heads: sizes.heads)
      crossNorm = decodes ? LayerNorm(&layout, name + ".ln2", width: width, epsilon: sizes.epsilon) : nil
      crossAttention =
        decodes
        ? MultiHeadAttention(&layout, name + ".cross_attn", width: width, heads: sizes.heads) : nil
      hiddenNorm = LayerNorm(&layout, name + (decodes ? ".ln3" : ".ln2"), width: width, epsilon: sizes.epsilon)
      expand = Linear(&layout, name + ".ffn.fc1", inputs: width, outputs: sizes.hidden)
      contract = Linear(&layout, name + ".ffn.fc2", inputs: sizes.hidden, outputs: width)
    }

    func apply(_ input: Tensor, memory: Tensor?, on tape: Tape) -> Tensor {
      var x = selfAttention.apply(tape.layerNorm(input, selfNorm), residual: input, on: tape)
      if let crossNorm, let crossAttention, let memory {
        if x.shape[0] < memory.shape[0] { x = repeated(x, batch: memory.shape[0], on: tape) }
        x = tape.attend(tape.layerNorm(x, crossNorm), crossAttention, context: memory, residual: x)
      }
      let h = tape.linear(tape.layerNorm(x, hiddenNorm), expand, activation: .gelu)
      return tape.linear(h, contract, residual: x)
    }

    /// `[1, L, D]` → `[batch, L, D]`.
    private func repeated(_ x: Tensor, batch: Int, on tape: Tape) -> Tensor {
      let zeros = tape.input(Shape(batch, x.shape[1], x.shape[2])) { $0.update(repeating: 0) }
      return tape.addBroadcast(zeros, x)
    }
  }

  /// Attention of tokens among themselves, with queries, keys and values in one product.
  public struct SelfAttention: Sendable {
    /// Attention heads.
    public let heads: Int
    /// `[3·D, D]`: queries, keys, values.
    public let project: Linear
    /// `[D, D]`.
    public let mix: Linear

    init(_ layout: inout ParameterLayout, _ name: String, width: Int, heads: Int) {
      self.heads = heads
      project = Linear(&layout, name + ".query_key_value", inputs: width, outputs: 3 * width)
      mix = Linear(&layout, name + ".mix", inputs: width, outputs: width)
    }

    func apply(_ x: Tensor, residual: Tensor, on tape: Tape) -> Tensor {
      let mixed = tape.attention(queriesKeysValues: tape.linear(x, project), heads: heads)
      return tape.linear(mixed, mix, residual: residual)
    }
  }

  /// The extents.
  public let sizes: Sizes
  /// Observation features → width.
  public let observation: Linear
  /// The vectors of text tokens; nil where there are none.
  public let text: Embedding?
  /// Learned positions of the encoder's tokens.
  public let positions: Embedding
  /// Learned queries, one per action of the chunk.
  public let queries: Embedding
  /// The encoder's layers, first to last.
  public let encoder: [Layer]
  /// Behind the last encoder layer.
  public let encoderNorm: LayerNorm
  /// The decoder's layers, first to last.
  public let decoder: [Layer]
  /// Behind the last decoder layer.
  public let decoderNorm: LayerNorm
  /// Width → the numbers of an action.
  public let head: Linear

  /// Registers the parameters under the names that PyTorch's model has.
  public init(_ layout: inout ParameterLayout, sizes: Sizes = Sizes()) {
    self.sizes = sizes
    let width = sizes.width
    observation = Linear(&layout, "obs_proj", inputs: sizes.observationWidth, outputs: width)
    text =
      sizes.textTokens > 0
      ? Embedding(&layout, "text_embed", entries: sizes.vocabulary, width: width) : nil
    positions = Embedding(&layout, "enc_pos", entries: sizes.tokens, width: width)
    queries = Embedding(&layout, "queries", entries: sizes.queries, width: width)
    var layers: [Layer] = []
    for i in 0..<sizes.encoderLayers {
      layers.append(Layer(&layout, "encoder.\(i)", sizes, decodes: false))
    }
    encoder = layers
    encoderNorm = LayerNorm(&layout, "encoder_ln", width: width, epsilon: sizes.epsilon)
    layers = []
    for i in 0..<sizes.decoderLayers {
      layers.append(Layer(&layout, "decoder.\(i)", sizes, decodes: true))
    }
    decoder = layers
    decoderNorm = LayerNorm(&layout, "decoder_ln", width: width, epsilon: sizes.epsilon)
    head = Linear(&layout, "head", inputs: width, outputs: sizes.actions)
  }

  /// `[B, observation tokens, observation width]` → `[B, queries, actions]`.
  ///
  /// - Parameters:
  ///   - words: `B × text tokens` indices, where the network reads text.
  ///   - onPart: called with what stands between the parts: `tokens`, `encoder.i`, `memory`, `decoder.i`.
  public func predict(
    _ tokens: Tensor, words: [Int32] = [], on tape: Tape,
    onPart: ((_ name: String, Tensor) -> Void)? = nil
  ) -> Tensor {
    let batch = tokens.shape[0]
    var x = tape.linear(tokens, observation)
    if let text {
      let embedded = words.withUnsafeBufferPointer {
        tape.embed($0, rows: batch, columns: sizes.textTokens, text)
      }
      x = tape.concatenateTokens(x, embedded)
    }
    x = tape.addBroadcast(x, tape.rows(of: positions, batch: 1))
    onPart?("tokens", x)
    for i in encoder.indices {
      x = encoder[i].apply(x, memory: nil, on: tape)
      onPart?("encoder.\(i)", x)
    }
    let memory = tape.layerNorm(x, encoderNorm)
    onPart?("memory", memory)
    // The queries meet the sample in the first layer's second half: its self-attention is the same for all.
    var y = tape.rows(of: queries, batch: 1)
    for i in decoder.indices {
      y = decoder[i].apply(y, memory: memory, on: tape)
      onPart?("decoder.\(i)", y)
    }
    return tape.linear(tape.layerNorm(y, decoderNorm), head)
  }

  /// Those of `products` that a batch does once: the first decoder layer's self-attention.
  public var sharedProducts: Int {
    4 * sizes.queries * sizes.width * sizes.width + 2 * sizes.queries * sizes.queries * sizes.width
  }

  /// Multiplications of one sample's forward pass.
  public var products: Int {
    let (d, ffn) = (sizes.width, 2 * sizes.width * sizes.hidden)
    let attention = 4 * d * d
    func mixing(_ queries: Int, _ keys: Int) -> Int { 2 * queries * keys * d }
    let (n, q) = (sizes.tokens, sizes.queries)
    let encoderLayer = n * (attention + ffn) + mixing(n, n)
    let decoderLayer =
      q * (attention + 2 * d * d + ffn) + n * 2 * d * d + mixing(q, q) + mixing(q, n)
    return sizes.observationTokens * sizes.observationWidth * d + sizes.encoderLayers * encoderLayer
      + sizes.decoderLayers * decoderLayer + q * d * sizes.actions
  }
}

extension NeuralWorkload {
  /// The chunk transformer under the mean absolute error.
  public static func chunkTransformer(
    sizes: ChunkTransformer.Sizes = ChunkTransformer.Sizes(), batch: Int = 64, rowsPerShard: Int = 32
  ) -> NeuralWorkload {
    var layout = ParameterLayout()
    let network = ChunkTransformer(&layout, sizes: sizes)
    let width = sizes.observationTokens * sizes.observationWidth
    let outputs = sizes.queries * sizes.actions
    let observations = normalNumbers(batch * width, "observations")
    let targets = normalNumbers(batch * outputs, "targets")
    let predict: @Sendable (Range<Int>, Tape) -> Tensor = { rows, tape in
      let tokens = tape.reshape(
        tape.input(rows, of: observations, width: width),
        Shape(rows.count, sizes.observationTokens, sizes.observationWidth))
      return tape.reshape(network.predict(tokens, on: tape), Shape(rows.count, outputs))
    }
    return NeuralWorkload(
      name: "w2", title: "chunk transformer", layout: layout, batch: batch,
      rowsPerShard: rowsPerShard, products: network.products,
      inputProducts: sizes.observationTokens * sizes.observationWidth * sizes.width,
      sharedProducts: network.sharedProducts,
      loss: { rows, tape, _ in
        tape.loss(
          .meanAbsoluteError, predict(rows, tape), tape.input(rows, of: targets, width: outputs),
          count: targets.count)
      }, predict: predict, isMostlyLinear: true)
  }
}

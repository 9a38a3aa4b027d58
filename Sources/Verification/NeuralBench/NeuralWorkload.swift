// What is trained and timed: a network with its data and its loss. The four workloads of PyTorch's timings are
// made of it, and small ones for tests.

import PlanarNeuralNetworks
import PlanarCore

/// A network, a fixed random batch, and what is done with them.
public struct NeuralWorkload: Sendable {
  /// `w1` … `w4`.
  public let name: String
  /// What the network is, in a few words.
  public let title: String
  /// The network's parameters.
  public let layout: ParameterLayout
  /// Rows of the training batch.
  public let batch: Int
  /// Rows whose activations stay in a core's cache.
  public let rowsPerShard: Int
  /// Multiplications of one row's forward pass in matrix products and convolutions.
  public let products: Int
  /// Those of `products` whose input needs no gradient, so that backward costs once, not twice as many.
  public let inputProducts: Int
  /// Those of `products` that a shard does once for all its rows.
  public let sharedProducts: Int
  /// Records the network and its loss for some rows of the batch.
  public let loss: Training.Loss
  /// The network's output for some rows.
  public let predict: @Sendable (_ rows: Range<Int>, _ tape: Tape) -> Tensor
  /// Whether linear layers hold most weights, so that weights of one byte are worth measuring.
  public let isMostlyLinear: Bool
  /// Chains of calls that sample one action chunk, where the network denoises.
  public let samplers: [Sampler]

  /// A way of sampling.
  public struct Sampler: Sendable {
    /// As the report names it.
    public let name: String
    /// Calls of the network.
    public let steps: Int
    /// Makes all that sampling with these weights needs; what it returns samples once.
    public let prepare: @Sendable (_ weights: FloatBuffer) -> () -> Void
  }

  /// A workload; `NeuralWorkload.all` has those that are timed.
  public init(
    name: String, title: String, layout: ParameterLayout, batch: Int, rowsPerShard: Int,
    products: Int, inputProducts: Int, sharedProducts: Int = 0, loss: @escaping Training.Loss,
    predict: @escaping @Sendable (_ rows: Range<Int>, _ tape: Tape) -> Tensor,
    isMostlyLinear: Bool = false, samplers: [Sampler] = []
  ) {
    self.name = name
    self.title = title
    self.layout = layout
    self.batch = batch
    self.rowsPerShard = rowsPerShard
    self.products = products
    self.inputProducts = inputProducts
    self.sharedProducts = sharedProducts
    self.loss = loss
    self.predict = predict
    self.isMostlyLinear = isMostlyLinear
    self.samplers = samplers
  }

  /// The four workloads at the sizes of PyTorch's timings.
  public static var all: [NeuralWorkload] {
    [.behaviourCloning(), .chunkTransformer(), .conditionalUNet(), .vision()]
  }

  /// Floating-point operations of one row's forward pass, a product and its sum counting as two.
  public var inferenceOperations: Double { 2 * Double(products) }

  /// The same for forward and backward pass, of one row among a shard's.
  public var trainingOperations: Double {
    let saved = Double(sharedProducts) * (1 - 1 / Double(rowsPerShard))
    return 2 * (3 * (Double(products) - saved) - Double(inputProducts))
  }

  /// AdamW at the rate and decay of PyTorch's timings, without clipping.
  public func training(threads: Int, rowsPerShard: Int? = nil, seed: UInt64 = 1) -> Training {
    Training(
      layout,
      optimizer: AdamW(
        layout: layout,
        configuration: AdamW.Configuration(
          learningRate: 1e-4, weightDecay: 0.01, maximumGradientNorm: 0)),
      threads: threads, rowsPerShard: rowsPerShard ?? self.rowsPerShard, seed: seed, loss: loss)
  }
}

/// Standard normal numbers.
func normalNumbers(_ count: Int, _ purpose: String) -> [Float] {
  var stream = RandomStream(seed: 0, purpose: purpose)
  return (0..<count).map { _ in Float(stream.normal()) }
}

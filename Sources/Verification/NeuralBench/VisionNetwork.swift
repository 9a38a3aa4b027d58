// W4: a small picture → action network, convolutions and a head.

import PlanarNeuralNetworks

/// Strided convolutions with group norm and SiLU, then three linear layers.
public struct VisionNetwork: Sendable {
  /// Extents; the defaults are those of W4.
  public struct Sizes: Sendable {
    /// Height and width of the picture: halved by every convolution.
    public var side = 64
    /// Channels of the picture, then behind each convolution.
    public var channels = [3, 32, 64, 128, 128]
    /// Groups of every group norm.
    public var groups = 8
    /// Features of the hidden linear layers.
    public var hidden = [256, 256]
    /// Numbers that come out.
    public var outputs = 16

    /// The sizes of W4.
    public init() {}
    /// Height and width behind the convolutions.
    public var lastSide: Int { side >> (channels.count - 1) }
  }

  /// The extents.
  public let sizes: Sizes
  /// The convolutions, first to last; each halves height and width.
  public let convolutions: [Convolution2D]
  /// Behind each convolution.
  public let norms: [GroupNorm]
  /// The linear layers that answer.
  public let head: MLP

  /// Registers the parameters under the names that PyTorch's model has.
  public init(_ layout: inout ParameterLayout, sizes: Sizes = Sizes()) {
    self.sizes = sizes
    var convolutions: [Convolution2D] = []
    var norms: [GroupNorm] = []
    for i in 1..<sizes.channels.count {
      let (inputs, outputs) = (sizes.channels[i - 1], sizes.channels[i])
      convolutions.append(
        Convolution2D(
          &layout, "conv.\(i - 1)", inputs: inputs, outputs: outputs, kernel: 3, stride: 2, padding: 1))
      norms.append(GroupNorm(&layout, "norm.\(i - 1)", groups: sizes.groups, channels: outputs))
    }
    self.convolutions = convolutions
    self.norms = norms
    let features = sizes.lastSide * sizes.lastSide * sizes.channels[sizes.channels.count - 1]
    head = MLP(
      &layout, "head", sizes: [features] + sizes.hidden + [sizes.outputs], activation: .silu)
  }

  /// `[B, side, side, channels]` → `[B, outputs]`.
  public func predict(_ pictures: Tensor, on tape: Tape) -> Tensor {
    var x = pictures
    for i in convolutions.indices {
      x = tape.groupNorm(tape.convolution(x, convolutions[i]), norms[i], activation: .silu)
    }
    return tape.mlp(tape.reshape(x, Shape(x.shape[0], x.count / x.shape[0])), head)
  }

  /// Multiplications of one picture's forward pass, and those whose input needs no gradient.
  public var products: (all: Int, ofInput: Int) {
    var side = sizes.side
    var all = head.products
    for convolution in convolutions {
      side /= 2
      all += side * side * convolution.weight.count
    }
    return (all, (sizes.side / 2) * (sizes.side / 2) * convolutions[0].weight.count)
  }
}

extension NeuralWorkload {
  /// Pictures to actions under the mean squared error.
  public static func vision(
    sizes: VisionNetwork.Sizes = VisionNetwork.Sizes(), batch: Int = 64, rowsPerShard: Int = 16
  ) -> NeuralWorkload {
    var layout = ParameterLayout()
    let network = VisionNetwork(&layout, sizes: sizes)
    let (side, channels) = (sizes.side, sizes.channels[0])
    let width = side * side * channels
    let pictures = normalNumbers(batch * width, "pictures")
    let targets = normalNumbers(batch * sizes.outputs, "targets")
    let predict: @Sendable (Range<Int>, Tape) -> Tensor = { rows, tape in
      let input = tape.input(rows, of: pictures, width: width)
      return network.predict(tape.reshape(input, Shape(rows.count, side, side, channels)), on: tape)
    }
    return NeuralWorkload(
      name: "w4", title: "vision network", layout: layout, batch: batch, rowsPerShard: rowsPerShard,
      products: network.products.all, inputProducts: network.products.ofInput,
      loss: { rows, tape, _ in
        tape.loss(
          .meanSquaredError, predict(rows, tape), tape.input(rows, of: targets, width: sizes.outputs),
          count: targets.count)
      }, predict: predict)
  }
}

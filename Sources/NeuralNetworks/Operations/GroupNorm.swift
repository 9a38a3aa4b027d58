// Normalisation over groups of channels (Wu & He 2018), with the nonlinearity that mostly follows it.

/// (x − mean) / √(variance + epsilon) per sample and group of consecutive channels, times a gain and plus a
/// shift per channel.
public struct GroupNorm: Sendable {
  /// `[channels]`.
  public let gain: Parameter
  /// `[channels]`.
  public let shift: Parameter
  /// How many groups the channels are divided into.
  public let groups: Int
  /// Added to the variance, so that a constant group is not divided by zero.
  public let epsilon: Float

  /// Registers `name.weight` (ones) and `name.bias` (zeros).
  public init(
    _ layout: inout ParameterLayout, _ name: String, groups: Int, channels: Int,
    epsilon: Float = 1e-5
  ) {
    require(
      groups > 0 && channels % groups == 0,
      "groupNorm '\(name)': \(channels) channels do not fall into \(groups) equal groups")
    gain = layout.add(name + ".weight", [channels], .ones)
    shift = layout.add(name + ".bias", [channels], .zeros)
    self.groups = groups
    self.epsilon = epsilon
  }
}

struct GroupNormOperation {
  let layer: GroupNorm
  let activation: Activation
  let input: Tensor
  /// `[N, 2, groups]`: means, then reciprocal deviations.
  let statistics: Tensor
  let output: Tensor
}

extension Tape {
  /// f(normalised x · gain + shift), `[N, …, C]` → the same shape; statistics over all positions of a sample
  /// and the channels of a group.
  ///
  /// What the activation sees is not kept: backward computes it again from the input.
  public func groupNorm(
    _ input: Tensor, _ layer: GroupNorm, activation: Activation = .none
  ) -> Tensor {
    let shape = input.shape
    require(
      shape.rank >= 2 && shape.columns == layer.gain.count,
      "groupNorm '\(layer.gain.name)': input \(shape) does not end in \(layer.gain.shape)")
    let sizes = GroupNormSizes(shape, layer)
    let statistics = make(Shape(sizes.samples, 2, sizes.groups), needsGradient: false)
    let output = make(shape, needsGradient: true)
    let scratch = scratch(sizes.scratchCount)
    let (x, gain, shift) = (pointer(input), weights(layer.gain), weights(layer.shift))
    let (kept, y) = (pointer(statistics), pointer(output))
    func run<F: PointwiseFunction>(_: F.Type) {
      Kernels.groupNorm(
        F.self, sizes, x, gain: gain, shift: shift, epsilon: layer.epsilon, scratch: scratch,
        statistics: kept, to: y)
    }
    switch activation {
    case .none: run(Identity.self)
    case .relu: run(ReLU.self)
    case .silu: run(SiLU.self)
    case .gelu: run(GELU.self)
    case .geluTanh: run(GELUTanh.self)
    case .mish: run(Mish.self)
    case .tanh: run(Tanh.self)
    case .sigmoid: run(Sigmoid.self)
    }
    record(
      .groupNorm(
        GroupNormOperation(
          layer: layer, activation: activation, input: input, statistics: statistics,
          output: output)))
    return output
  }

  func groupNormBackward(_ operation: GroupNormOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    let layer = operation.layer
    let sizes = GroupNormSizes(operation.input.shape, layer)
    let input = gradientInPlace(of: operation.output, for: operation.input)
    let scratch = scratch(sizes.scratchCount)
    let (x, gain, shift) = (pointer(operation.input), weights(layer.gain), weights(layer.shift))
    let statistics = pointer(operation.statistics)
    let (gainGradient, shiftGradient) = (weightGradient(layer.gain), weightGradient(layer.shift))
    func run<F: PointwiseFunction>(_: F.Type) {
      Kernels.groupNormBackward(
        F.self, sizes, x, gain: gain, shift: shift, statistics: statistics, gradient,
        scratch: scratch, gainGradient: gainGradient, shiftGradient: shiftGradient,
        to: input?.pointer, assigning: input?.isFresh ?? true)
    }
    switch operation.activation {
    case .none: run(Identity.self)
    case .relu: run(ReLU.self)
    case .silu: run(SiLU.self)
    case .gelu: run(GELU.self)
    case .geluTanh: run(GELUTanh.self)
    case .mish: run(Mish.self)
    case .tanh: run(Tanh.self)
    case .sigmoid: run(Sigmoid.self)
    }
  }
}

// A model's weights: a layout and its flat buffer.

import PlanarCore

/// The learned numbers of one model.
public final class ParameterStore: Sendable {
  /// Names, shapes and offsets of the numbers.
  public let layout: ParameterLayout
  /// All numbers, flat, in the order of `layout`.
  public let values: FloatBuffer

  /// Draws initial values; each parameter has its own stream, split off by name.
  public init(layout: ParameterLayout, seed: UInt64) {
    self.layout = layout
    values = FloatBuffer(count: layout.bufferCount)
    for parameter in layout.parameters {
      var stream = RandomStream(seed: seed, purpose: "parameter " + parameter.name)
      parameter.initialize(values.pointer + parameter.offset, &stream)
    }
  }

  /// Weights that are already there, such as a moving average.
  public init(layout: ParameterLayout, values: FloatBuffer) {
    require(
      values.count == layout.bufferCount,
      "a layout of \(layout.bufferCount) numbers cannot hold \(values.count)")
    self.layout = layout
    self.values = values
  }

  /// The numbers of one parameter, row-major in its `shape`.
  public func tensor(_ parameter: Parameter) -> [Float] {
    parameter.fileOrder(values.pointer + parameter.offset)
  }

  /// Replaces the numbers of one parameter, row-major in its `shape`.
  public func set(_ parameter: Parameter, to numbers: [Float]) {
    require(
      numbers.count == parameter.count,
      "parameter '\(parameter.name)' has \(parameter.count) numbers, not \(numbers.count)")
    numbers.withUnsafeBufferPointer { parameter.fill(values.pointer + parameter.offset, with: $0) }
    values.markChanged()
  }
}

extension Parameter {
  fileprivate func initialize(_ target: UnsafeMutablePointer<Float>, _ stream: inout RandomStream) {
    let fanIn = count / shape[0]
    let fanOut = isKernel ? count / shape[1] : shape[0]
    for i in 0..<count {
      switch initializer {
      case .zeros: target[i] = 0
      case .ones: target[i] = 1
      case .normal(let deviation): target[i] = deviation * Float(stream.normal())
      case .xavier(let gain):
        let bound = (6 / Double(fanIn + fanOut)).squareRoot()
        target[i] = gain * Float(stream.uniform(in: -bound...bound))
      case .uniform(let bound): target[i] = Float(stream.uniform(in: -Double(bound)...Double(bound)))
      case .kaiming: target[i] = Float((2 / Double(fanIn)).squareRoot() * stream.normal())
      }
    }
  }
}

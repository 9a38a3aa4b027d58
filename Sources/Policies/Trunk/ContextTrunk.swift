// What the action expert is conditioned on: computed once per chunk, however often the expert runs.
//
//   proprioception [To·P] ─ linear, + embedding of the robot ─► 1 token ┐
//   command ─ text encoder ────────────────────────► its tokens ├─► transformer ─► the first of them ─► [rows, 1 + text, width]
//   objects N × [To·F] ─ linear ───────────────────► N tokens   │
//   picture ─ PixelEncoder ────────────────────────► K tokens   │
//   touch [To·T] ─ linear ─────────────────────────► 1 token    ┘
//
// `ObservationConfiguration` says which of objects, picture and touch there are. Objects carry no position: their order
// means nothing, and the context does not depend on it. Each tokenizer's bias tells its kind of token from the others.

import Foundation
import PlanarLanguage
import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

/// The shared observation network.
public struct ContextTrunk: Sendable {
  /// Sizes, and what is looked at.
  public struct Configuration: Defaulted, Hashable, Sendable {
    /// Everything at its default.
    public static var standard: Configuration { Configuration() }

    public var width: Int
    public var heads: Int
    public var layers: Int
    /// Width of the feed-forward part, as a multiple of `width`.
    public var feedForward: Int
    public var observation: ObservationConfiguration

    public init(
      width: Int = 128, heads: Int = 4, layers: Int = 2, feedForward: Int = 2,
      observation: ObservationConfiguration = ObservationConfiguration()
    ) {
      self.width = width
      self.heads = heads
      self.layers = layers
      self.feedForward = feedForward
      self.observation = observation
    }
  }

  /// Tokens of a row of the context.
  var contextTokens: Int { 1 + textTokens }
  private let features: FeatureSet
  private let steps: Int
  private let textTokens: Int
  private let proprioceptionScaling: Scaling
  private let objectScaling: Scaling
  private let proprioception: Linear
  private let robots: Embedding?
  private let objects: Linear?
  private let touch: Linear?
  private let pixels: PixelEncoder?
  private let textSlots: Embedding
  private let layers: [TransformerLayer]
  private let norm: LayerNorm

  init(_ layout: inout ParameterLayout, _ configuration: PolicyConfiguration, textTokens: Int) {
    let trunk = configuration.trunk
    let observation = trunk.observation
    features = configuration.features
    steps = configuration.horizons.observation
    self.textTokens = textTokens
    let normalization = configuration.normalization
    proprioceptionScaling = Scaling(
      mean: normalization.proprioceptionMean, deviation: normalization.proprioceptionDeviation)
    objectScaling = Scaling(
      mean: normalization.objectMean, deviation: normalization.objectDeviation)
    proprioception = Linear(
      &layout, "trunk.proprioception", inputs: steps * features.proprioception.count,
      outputs: trunk.width)
    robots =
      observation.robots.isEmpty
      ? nil
      : Embedding(
        &layout, "trunk.robots", entries: observation.robots.count, width: trunk.width, deviation: 1)
    objects =
      observation.objects
      ? Linear(
        &layout, "trunk.objects", inputs: steps * features.objectFeatureCount, outputs: trunk.width)
      : nil
    touch =
      observation.touch
      ? Linear(
        &layout, "trunk.touch", inputs: steps * (features.touch?.count ?? 0), outputs: trunk.width)
      : nil
    pixels = observation.pixels.map {
      PixelEncoder(
        &layout, "trunk.pixels", $0, features: configuration.features, normalization: normalization,
        trunk: trunk, textWidth: textTokens * trunk.width)
    }
    textSlots = Embedding(&layout, "trunk.text_slots", entries: textTokens, width: trunk.width)
    layers = (0..<trunk.layers).map {
      TransformerLayer(
        &layout, "trunk.layers.\($0)", width: trunk.width, heads: trunk.heads,
        feedForward: trunk.feedForward)
    }
    norm = LayerNorm(&layout, "trunk.norm", width: trunk.width)
  }

  /// What a training step adds to the context: random changes of pictures, and a loss of its own.
  struct Training {
    /// Rows of the whole batch.
    let count: Int
    var noise: RandomStream
    /// The rows' part of the batch's training-only loss.
    var loss: Float = 0
  }

  /// Computes the context `[rows, 1 + text tokens, width]`.
  ///
  /// - Parameters:
  ///   - observed: the rows' observations, as observed.
  ///   - text: `[rows, text tokens, width]`.
  ///   - training: nil where nothing is learned.
  func context(
    _ observed: ObservedRows, text: Tensor, training: inout Training?, on tape: Tape
  ) -> Tensor {
    let command = tape.addBroadcast(text, tape.rows(of: textSlots, batch: 1))
    var x = tape.concatenateTokens(stateToken(observed, on: tape), command)
    if let objects {
      x = tape.concatenateTokens(x, tape.linear(objectTracks(observed, on: tape), objects))
    }
    if let pixels, let images = observed.images {
      var noise = training?.noise ?? RandomStream(seed: 0)
      var loss: Float = 0
      let tokens = pixels.tokens(
        images, text: text, training: training.map { example(observed, count: $0.count) },
        noise: &noise, loss: &loss, on: tape)
      training?.noise = noise
      training?.loss += loss
      x = tape.concatenateTokens(x, tokens)
    }
    if let touch, let source = observed.touch {
      x = tape.concatenateTokens(x, tape.linear(touched(source, observed.count, on: tape), touch))
    }
    for (i, layer) in layers.enumerated() {
      x = layer(x, keeping: i == layers.count - 1 ? contextTokens : x.shape[1], on: tape)
    }
    return tape.layerNorm(x, norm)
  }

  /// The context at inference.
  func context(_ observed: ObservedRows, text: Tensor, on tape: Tape) -> Tensor {
    var training: Training?
    return context(observed, text: text, training: &training, on: tape)
  }

  /// `[rows, 1, width]`.
  private func stateToken(_ observed: ObservedRows, on tape: Tape) -> Tensor {
    let p = features.proprioception.count
    let state = tape.input(Shape(observed.count, 1, steps * p)) { target in
      for i in 0..<observed.count * steps {
        proprioceptionScaling.apply(
          observed.proprioception + i * p, to: target.baseAddress! + i * p)
      }
    }
    let token = tape.linear(state, proprioception)
    guard let robots, let indices = observed.robots else { return token }
    let robot = tape.embed(
      UnsafeBufferPointer(start: indices, count: observed.count), rows: observed.count, columns: 1,
      robots)
    return tape.add(token, robot)
  }

  /// From steps of objects to objects with all their steps: `[rows, N, To·F]`.
  private func objectTracks(_ observed: ObservedRows, on tape: Tape) -> Tensor {
    let (n, f) = (features.objectCount, features.objectFeatureCount)
    guard let source = observed.objects else { preconditionFailure("the rows have no objects") }
    return tape.input(Shape(observed.count, n, steps * f)) { target in
      for r in 0..<observed.count {
        for t in 0..<steps {
          for object in 0..<n {
            objectScaling.apply(
              source + ((r * steps + t) * n + object) * f,
              to: target.baseAddress! + ((r * n + object) * steps + t) * f)
          }
        }
      }
    }
  }

  /// The newest objects, for the pictures' training-only loss.
  private func example(_ observed: ObservedRows, count: Int) -> PixelEncoder.Example {
    guard let objects = observed.objects else { preconditionFailure("training has objects") }
    let width = features.objects.count
    return PixelEncoder.Example(
      truth: ObjectMap.Truth(
        objects: objects + (steps - 1) * width, stride: steps * width, scaling: objectScaling,
        objectCount: features.objectCount, featureCount: features.objectFeatureCount),
      count: count)
  }

  /// Forces from a hundredth of a newton to fifty: sign(f)·ln(1 + |f|), `[rows, 1, To·T]`.
  private func touched(_ source: UnsafePointer<Float>, _ rows: Int, on tape: Tape) -> Tensor {
    tape.input(Shape(rows, 1, steps * (features.touch?.count ?? 0))) { target in
      for i in 0..<target.count { target[i] = (source[i] < 0 ? -1 : 1) * log1p(abs(source[i])) }
    }
  }
}

// Pictures to tokens: reading, encoding, pooling, and the training-only loss.
//
//   bytes ─ augmentation (training) ─► picture ─ convolutions or patches ─► grid ─ pooling ─► tokens [K, width]
//                                                                            └─► object map ─► loss (training)

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

/// The picture's part of the trunk.
struct PixelEncoder: ObservationEncoder {
  private enum Grid: Sendable {
    case convolutional(ConvolutionalEncoder)
    case patches(PatchEncoder)
  }

  private enum Pool: Sendable {
    case peaks(PeakTokens)
    case attention(TokenLearner)
    case cells(Linear)
  }

  let configuration: PixelConfiguration
  /// The picture as it comes, and how many rows of its middle are looked at.
  private let height: Int
  private let width: Int
  private let middle: Int
  private let grid: Grid
  private let map: ObjectMap?
  private let pool: Pool
  /// The objects behind the training-only loss.
  private let objects: FeatureSpec
  private let objectScaling: Scaling
  /// Observations of a window.
  private let window: Int

  /// Parameters are called `trunk.pixels` and what follows.
  init(_ layout: inout ParameterLayout, _ configuration: PixelConfiguration, _ setting: EncoderSetting) {
    let name = "trunk.pixels"
    let image = setting.feature(of: PixelConfiguration.self)
    let trunk = setting.trunk
    let textWidth = setting.textTokens * trunk.width
    self.configuration = configuration
    objects = setting.features.objects
    objectScaling = Scaling(objects: setting.normalization)
    window = setting.window
    (height, width) = (image.shape[0], image.shape[1])
    middle = configuration.rows ?? height
    let inputs = 3 * configuration.frames
    let channels: Int
    switch configuration.kind {
    case .convolutional:
      let encoder = ConvolutionalEncoder(
        &layout, name, channels: configuration.channels, inputs: inputs, textWidth: textWidth)
      grid = .convolutional(encoder)
      channels = encoder.outputs
    case .vit:
      grid = .patches(
        PatchEncoder(
          &layout, name, patch: configuration.patch, inputs: inputs,
          cells: (middle / configuration.patch) * (width / configuration.patch), trunk: trunk,
          layers: configuration.layers))
      channels = trunk.width
    }
    if configuration.objectLoss > 0, let area = image.area {
      map = ObjectMap(
        &layout, name + ".objects", objects: objects,
        area: area.middle(rows: middle, of: height), inputs: channels + 2, width: trunk.width)
    } else {
      map = nil
    }
    switch configuration.pooling {
    case .peaks:
      guard let map else { preconditionFailure("peaks need an object map") }
      pool = .peaks(
        PeakTokens(
          &layout, name + ".peaks", tokens: configuration.tokens, map: map, objects: objects,
          normalization: setting.normalization, inputs: trunk.width, width: trunk.width))
    case .attention:
      pool = .attention(
        TokenLearner(
          &layout, name + ".token_learner", inputs: channels + 2, tokens: configuration.tokens,
          width: trunk.width))
    case .none:
      pool = .cells(
        Linear(&layout, name + ".cells", inputs: channels + 2, outputs: trunk.width))
    }
  }

  /// At inference pictures are read as they are, and no loss is recorded.
  func tokens(
    _ observed: ObservedRows, text: Tensor, training: inout ContextTrunk.Training?, on tape: Tape
  ) -> Tensor {
    guard let images = observed.bytes(PixelConfiguration.feature) else {
      preconditionFailure("the rows have no pictures")
    }
    let rows = text.shape[0]
    let pictures = read(images, rows: rows, training: &training, on: tape)
    let features: Tensor
    switch grid {
    case .convolutional(let encoder): features = encoder.features(pictures, text: text, on: tape)
    case .patches(let encoder): features = encoder.features(pictures, on: tape)
    }
    let placed = tape.concatenateChannels(features, tape.cellPositions(of: features))
    let shape = placed.shape
    let cells = tape.reshape(placed, Shape(rows, shape[1] * shape[2], shape[3]))
    var answers: ObjectMap.Answers?
    if let map {
      let said = map.answers(cells, on: tape)
      answers = said
      if training != nil {
        training!.loss += map.loss(
          said, height: shape[1], truth: truth(of: observed), count: training!.count,
          weight: configuration.objectLoss, on: tape)
      }
    }
    switch pool {
    case .peaks(let peaks):
      guard let answers else { preconditionFailure("peaks need an object map") }
      return peaks(answers, on: tape)
    case .attention(let learner): return learner(cells, on: tape)
    case .cells(let linear): return tape.linear(cells, linear)
    }
  }

  /// The newest objects.
  private func truth(of observed: ObservedRows) -> ObjectMap.Truth {
    guard let source = observed.floats(FeatureName.environmentState) else {
      preconditionFailure("training has objects")
    }
    return ObjectMap.Truth(
      objects: source + (window - 1) * objects.count, stride: window * objects.count, scaling: objectScaling,
      objectCount: objects.shape[0], featureCount: objects.shape[1])
  }

  /// `[rows, frames, height, width, 3]` bytes to `[rows, middle, width, 3 · frames]`.
  private func read(
    _ images: UnsafePointer<UInt8>, rows: Int, training: inout ContextTrunk.Training?, on tape: Tape
  ) -> Tensor {
    let frames = configuration.frames
    let augmented = training != nil
    var stream = training?.noise ?? RandomStream(seed: 0)
    let pictures = tape.input(Shape(rows, middle, width, 3 * frames)) { target in
      for row in 0..<rows {
        let reader =
          augmented ? PictureReader(configuration.augmentation, &stream) : PictureReader()
        for frame in 0..<frames {
          reader.read(
            images + (row * frames + frame) * height * width * 3, height: height, width: width,
            middle: middle,
            to: target.baseAddress! + row * middle * width * 3 * frames + 3 * frame,
            stride: 3 * frames, noise: &stream)
        }
      }
    }
    training?.noise = stream
    return pictures
  }
}

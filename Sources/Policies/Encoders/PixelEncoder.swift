// Pictures to tokens: reading, encoding, pooling, and the training-only loss.
//
//   bytes ─ augmentation (training) ─► picture ─ convolutions or patches ─► grid ─ pooling ─► tokens [K, width]
//                                                                            └─► object map ─► loss (training)

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

/// The picture's part of the trunk.
struct PixelEncoder: Sendable {
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

  /// Numbers of a row's pictures, `[frames, height, width, 3]`.
  var imageCount: Int { configuration.frames * height * width * 3 }

  /// - Parameters:
  ///   - features: of a validated configuration: with a picture.
  ///   - textWidth: numbers of the command, tokens · width.
  init(
    _ layout: inout ParameterLayout, _ name: String, _ configuration: PixelConfiguration,
    features: FeatureSet, normalization: Normalization, trunk: ContextTrunk.Configuration, textWidth: Int
  ) {
    guard let image = features.image else { preconditionFailure("pixels need a picture") }
    self.configuration = configuration
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
    if configuration.objectLoss > 0, let area = features.imageArea {
      map = ObjectMap(
        &layout, name + ".objects", objects: features.objects,
        area: area.middle(rows: middle, of: height), inputs: channels + 2, width: trunk.width)
    } else {
      map = nil
    }
    switch configuration.pooling {
    case .peaks:
      guard let map else { preconditionFailure("peaks need an object map") }
      pool = .peaks(
        PeakTokens(
          &layout, name + ".peaks", tokens: configuration.tokens, map: map, objects: features.objects,
          normalization: normalization, inputs: trunk.width, width: trunk.width))
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

  /// What training adds.
  struct Example {
    let truth: ObjectMap.Truth
    /// Rows of the whole batch.
    let count: Int
  }

  /// `[rows, frames, height, width, 3]` bytes → `[rows, tokens, width]`.
  ///
  /// - Parameters:
  ///   - text: `[rows, text tokens, width]`.
  ///   - training: nil at inference: pictures are read as they are, and no loss is recorded.
  ///   - noise: where augmentation comes from; not drawn from at inference.
  ///   - loss: the rows' part of the training-only loss is added to it.
  func tokens(
    _ images: UnsafePointer<UInt8>, text: Tensor, training: Example?, noise: inout RandomStream,
    loss: inout Float, on tape: Tape
  ) -> Tensor {
    let rows = text.shape[0]
    let pictures = read(images, rows: rows, augmented: training != nil, noise: &noise, on: tape)
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
      if let training {
        loss += map.loss(
          said, height: shape[1], truth: training.truth, count: training.count,
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

  /// `[rows, middle, width, 3 · frames]`.
  private func read(
    _ images: UnsafePointer<UInt8>, rows: Int, augmented: Bool, noise: inout RandomStream, on tape: Tape
  ) -> Tensor {
    let frames = configuration.frames
    var stream = noise
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
    if augmented { noise = stream }
    return pictures
  }
}

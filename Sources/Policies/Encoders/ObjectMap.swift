// A loss of training only: every place of the picture is asked which object lies there, and what it is like.

import NeuralNetworks
import PolicyInterface

/// Two linear maps from the features of each cell of the picture's grid: whether an object lies there, and that
/// object's token of `observation.environment_state` (place, turn, size, colour, shape), held against the privileged
/// state. Imitation alone tells a picture encoder where things are very slowly; this tells every cell at every step.
/// Inference never runs it, so a policy that was trained with it needs no object state.
///
/// ```
///   features [h, w, C] ─ linear, GELU ─┬─ linear ─► covered or not   squared error over all cells
///                                      └─ linear ─► [x, y, …] of the object   Huber's loss where one lies
/// ```
struct ObjectMap: Sendable {
  let area: PictureArea
  private let place: (x: Int, y: Int, radius: Int?, presence: Int?)
  private let hidden: Linear
  private let cover: Linear
  private let object: Linear

  /// Nil where the objects' elements have no place.
  init?(
    _ layout: inout ParameterLayout, _ name: String, objects: FeatureSpec, area: PictureArea, inputs: Int,
    width: Int
  ) {
    func index(_ element: String) -> Int? { objects.elements.firstIndex(of: element) }
    guard let x = index("x (m)"), let y = index("y (m)") else { return nil }
    place = (x, y, index("circumradius (m)"), index("is_present"))
    self.area = area
    hidden = Linear(&layout, name + ".hidden", inputs: inputs, outputs: width)
    cover = Linear(&layout, name + ".cover", inputs: width, outputs: 1)
    object = Linear(&layout, name + ".object", inputs: width, outputs: objects.shape[1])
  }

  /// What the cells say: `[rows, cells, 1]` and `[rows, cells, object features]`, scaled as the state is.
  func answers(_ features: Tensor, on tape: Tape) -> (inner: Tensor, cover: Tensor, object: Tensor) {
    let shape = features.shape
    let flat = tape.reshape(features, Shape(shape[0], shape[1] * shape[2], shape[3]))
    let inner = tape.linear(flat, hidden, activation: .geluTanh)
    return (inner, tape.linear(inner, cover), tape.linear(inner, object))
  }

  /// - Parameters:
  ///   - features: `[rows, h, w, C]`.
  ///   - objects: `[rows, objects, object features]`, as observed.
  ///   - scaled: the same, scaled as the network sees them.
  ///   - count: rows of the whole batch.
  /// - Returns: The rows' part of the batch's loss.
  func lossAll(
    _ features: Tensor, objects: UnsafePointer<Float>, scaled: Tensor, count: Int, weight: Float,
    on tape: Tape
  ) -> (Float, Tensor, Tensor, Tensor) {
    let shape = features.shape
    let (rows, cells) = (shape[0], shape[1] * shape[2])
    let (n, f) = (scaled.shape[1], scaled.shape[2])
    // Which object lies in each cell, −1 for none; kept as numbers, so that nothing is allocated.
    let owners = tape.input(Shape(rows, cells)) { target in
      for r in 0..<rows {
        markOwners(
          objects + r * n * f, count: n, width: f, height: shape[1], columns: shape[2],
          to: target.baseAddress! + r * cells)
      }
    }
    let mask = tape.input(Shape(rows, cells)) { target in
      tape.withValues(of: owners) { owners in
        for i in 0..<target.count { target[i] = owners[i] < 0 ? 0 : 1 }
      }
    }
    let target = tape.input(Shape(rows, cells, f)) { target in
      tape.withValues(of: owners) { owners in
        tape.withValues(of: scaled) { scaled in
          for i in 0..<owners.count where owners[i] >= 0 {
            let source = ((i / cells) * n + Int(owners[i])) * f
            for j in 0..<f { target[i * f + j] = scaled[source + j] }
          }
        }
      }
    }
    let answers = answers(features, on: tape)
    let covered = tape.loss(
      .meanSquaredError, answers.cover, tape.reshape(mask, Shape(rows, cells, 1)),
      count: count * cells, weight: 4 * weight)
    // About a tenth of the cells is covered: as many numbers as the mean is over.
    return (covered
      + tape.loss(
        .huber(delta: 1), answers.object, target, mask: mask, count: count * cells * f / 8,
        weight: weight), answers.inner, answers.cover, answers.object)
  }

  /// Writes the number of the object that covers each cell's middle (the nearest, where there are several), −1 for none.
  private func markOwners(
    _ objects: UnsafePointer<Float>, count: Int, width: Int, height: Int, columns: Int,
    to owners: UnsafeMutablePointer<Float>
  ) {
    // A cell that an object's middle lies in counts, however small the object.
    let reach = 0.75 * max(area.width / Float(columns), area.height / Float(height))
    for row in 0..<height {
      let y = area.top - (Float(row) + 0.5) / Float(height) * area.height
      for column in 0..<columns {
        let x = area.left + (Float(column) + 0.5) / Float(columns) * area.width
        var owner: Float = -1
        var nearest = Float.infinity
        for i in 0..<count {
          let token = objects + i * width
          if let presence = place.presence, token[presence] < 0.5 { continue }
          let (dx, dy) = (token[place.x] - x, token[place.y] - y)
          let distance = dx * dx + dy * dy
          let radius = max(reach, place.radius.map { token[$0] } ?? 0)
          if distance < radius * radius, distance < nearest {
            nearest = distance
            owner = Float(i)
          }
        }
        owners[row * columns + column] = owner
      }
    }
  }
}

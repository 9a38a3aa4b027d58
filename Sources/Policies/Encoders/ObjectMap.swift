// What every cell of the picture's grid says of the object that lies there.

import PlanarNeuralNetworks
import PlanarPolicyInterface

/// Two linear maps from the features of each cell: whether an object lies there, and that object's token of
/// `observation.environment_state` (place, turn, size, colour, shape).
///
/// In training both are held against the privileged state: imitation alone tells a picture encoder very slowly where
/// things are, this tells every cell at every step. Inference needs no object state.
///
/// ```
///   features [cells, C] ─ linear, GELU ─┬─ linear ─► cover: 1 where an object lies, 0 elsewhere   squared error, all cells
///                                       └─ linear ─► the object's token, scaled                  Huber's, where one lies
/// ```
struct ObjectMap: Sendable {
  /// What the grid shows.
  private let area: PictureArea
  /// Places of what is looked up among an object's numbers.
  let x: Int
  let y: Int
  private let radius: Int?
  private let presence: Int?
  private let hidden: Linear
  private let cover: Linear
  private let object: Linear

  /// What the cells say: `inner` `[rows, cells, width]`, `cover` `[rows, cells, 1]`, and `object`
  /// `[rows, cells, object features]`, scaled as object states are.
  struct Answers {
    let inner: Tensor
    let cover: Tensor
    let object: Tensor
  }

  /// Objects' numbers must say where they are.
  init(
    _ layout: inout ParameterLayout, _ name: String, objects: FeatureSpec, area: PictureArea, inputs: Int,
    width: Int
  ) {
    func index(_ element: String) -> Int? { objects.elements.firstIndex(of: element) }
    guard let x = index("x (m)"), let y = index("y (m)") else {
      preconditionFailure("\(objects.name) does not say where objects are")
    }
    (self.x, self.y) = (x, y)
    radius = index("circumradius (m)")
    presence = index("is_present")
    self.area = area
    hidden = Linear(&layout, name + ".hidden", inputs: inputs, outputs: width)
    cover = Linear(&layout, name + ".cover", inputs: width, outputs: 1)
    object = Linear(&layout, name + ".object", inputs: width, outputs: objects.shape[1])
  }

  /// Features `[rows, cells, C]` → what they say.
  func answers(_ features: Tensor, on tape: Tape) -> Answers {
    let inner = tape.linear(features, hidden, activation: .geluTanh)
    return Answers(
      inner: inner, cover: tape.linear(inner, cover), object: tape.linear(inner, object))
  }

  /// The true objects of a batch's rows.
  struct Truth {
    /// Row r's objects `[objects, object features]`, as observed, begin at `r · stride`.
    let objects: UnsafePointer<Float>
    let stride: Int
    let scaling: Scaling
    /// Of one row.
    let objectCount: Int
    let featureCount: Int
  }

  /// - Parameters:
  ///   - height: of the grid, cells.
  ///   - count: rows of the whole batch.
  /// - Returns: The rows' part of the batch's loss.
  func loss(
    _ answers: Answers, height: Int, truth: Truth, count: Int, weight: Float, on tape: Tape
  ) -> Float {
    let (rows, cells) = (answers.cover.shape[0], answers.cover.shape[1])
    let features = truth.featureCount
    let covered = tape.input(Shape(rows, cells)) { $0.update(repeating: 0) }
    // Where nothing lies the mask leaves the target out, but it must be a number.
    let target = tape.input(Shape(rows, cells, features)) { $0.update(repeating: 0) }
    tape.withValues(of: covered) { covered in
      tape.withValues(of: target) { target in
        for row in 0..<rows {
          let objects = truth.objects + row * truth.stride
          forEachCovered(objects, truth, height: height, columns: cells / height) { cell, owner in
            let index = row * cells + cell
            covered[index] = 1
            truth.scaling.apply(
              objects + owner * features, to: target.baseAddress! + index * features)
          }
        }
      }
    }
    let cover = tape.loss(
      .meanSquaredError, answers.cover, tape.reshape(covered, Shape(rows, cells, 1)),
      count: count * cells, weight: 4 * weight)
    // About an eighth of the cells is covered: the mean is over so many.
    return cover
      + tape.loss(
        .huber(delta: 1), answers.object, target, mask: covered,
        count: max(1, count * cells * features / 8), weight: weight)
  }

  /// Calls `body` with each cell that an object covers, and the object: the nearest, where there are several. An object
  /// covers the cells whose middles it reaches, and the one that its own middle lies in.
  private func forEachCovered(
    _ objects: UnsafePointer<Float>, _ truth: Truth, height: Int, columns: Int,
    _ body: (_ cell: Int, _ owner: Int) -> Void
  ) {
    let reach = 0.75 * max(area.width / Float(columns), area.height / Float(height))
    for row in 0..<height {
      let middle = area.top - (Float(row) + 0.5) / Float(height) * area.height
      for column in 0..<columns {
        let across = area.left + (Float(column) + 0.5) / Float(columns) * area.width
        var owner = -1
        var nearest = Float.infinity
        for i in 0..<truth.objectCount {
          let token = objects + i * truth.featureCount
          if let presence, token[presence] < 0.5 { continue }
          let (dx, dy) = (token[x] - across, token[y] - middle)
          let distance = dx * dx + dy * dy
          let radius = max(reach, radius.map { token[$0] } ?? 0)
          if distance < radius * radius, distance < nearest { (nearest, owner) = (distance, i) }
        }
        if owner >= 0 { body(row * columns + column, owner) }
      }
    }
  }
}

// How policies see actions: as deltas, relative to where the robot is, or as they are; exact both ways.

import Foundation
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import Testing

/// Anchors of an action [x, y, gripper] about proprioception [y, x]: of moves of 0.025 m, or of targets on a table.
private func anchors(_ kind: ActionAnchor.Kind) -> [ActionAnchor] {
  [
    kind == .move
      ? ActionAnchor(kind: .move, element: 1, least: -0.025, greatest: 0.025, reach: 1)
      : ActionAnchor(kind: .target, element: 1, least: -0.35, greatest: 0.35, reach: 0.07),
    kind == .move
      ? ActionAnchor(kind: .move, element: 0, least: -0.025, greatest: 0.025, reach: 1)
      : ActionAnchor(kind: .target, element: 0, least: 0, greatest: 0.5, reach: 0.1),
    .level,
  ]
}

/// Chunks `[horizon, 3]` and the states `[y, x]` that they begin at: random moves, and the targets that they lead to.
private struct Example {
  static let horizon = 8
  var states: [[Float]] = []
  var moves: [Float] = []
  var targets: [Float] = []

  init(count: Int) {
    var stream = RandomStream(seed: 5)
    for _ in 0..<count {
      var y = stream.uniform(in: 0.2...0.3)
      var x = stream.uniform(in: -0.1...0.1)
      states.append([Float(y), Float(x)])
      for _ in 0..<Self.horizon {
        let (dx, dy) = (stream.uniform(in: -1...1), stream.uniform(in: -1...1))
        let grip = Float(stream.uniform(in: -1...1))
        x += 0.025 * dx
        y += 0.025 * dy
        moves += [Float(dx), Float(dy), grip]
        targets += [Float(x / 0.35), Float((y - 0.25) / 0.25), grip]
      }
    }
  }

  func chunk(_ row: Int, _ kind: ActionAnchor.Kind) -> ActionChunk {
    let count = Self.horizon * 3
    let all = kind == .move ? moves : targets
    return ActionChunk(
      horizon: Self.horizon, dimension: 3, values: Array(all[row * count..<(row + 1) * count]))
  }
}

private func seen(_ chunk: ActionChunk, by representation: ActionRepresentation, from state: [Float]) -> [Float] {
  var values = chunk.values
  values.withUnsafeMutableBufferPointer { values in
    state.withUnsafeBufferPointer { representation.encode(values, proprioception: $0) }
  }
  return values
}

/// Chunks `[count, horizon, action]` one by one, each with the state that it begins with.
private func visiting(
  _ chunks: [Float], _ states: [[Float]]
) -> ((UnsafeMutableBufferPointer<Float>, UnsafeBufferPointer<Float>) -> Void) -> Void {
  { visit in
    let width = chunks.count / states.count
    for (row, state) in states.enumerated() {
      var chunk = Array(chunks[row * width..<(row + 1) * width])
      chunk.withUnsafeMutableBufferPointer { chunk in state.withUnsafeBufferPointer { visit(chunk, $0) } }
    }
  }
}

@Suite struct ActionRepresentationTests {
  private let example = Example(count: 40)

  @Test(arguments: ActionRepresentation.Kind.allCases, [ActionAnchor.Kind.move, .target])
  func convertingThereAndBackIsExact(_ kind: ActionRepresentation.Kind, _ space: ActionAnchor.Kind) {
    var fitted = ActionRepresentation(
      kind: kind, anchors: anchors(space), horizon: Example.horizon,
      fittedTo: visiting(space == .move ? example.moves : example.targets, example.states))
    // Nothing is cut off.
    for i in fitted.scale.indices where kind != .absolute && i % 3 != 2 { fitted.scale[i] *= 2 }
    for row in 0..<40 {
      let chunk = example.chunk(row, space)
      let there = seen(chunk, by: fitted, from: example.states[row])
      #expect(there.allSatisfy { abs($0) <= 1 })
      let back = fitted.decoded(
        ActionChunk(horizon: Example.horizon, dimension: 3, values: there), proprioception: example.states[row])
      for (a, b) in zip(back.values, chunk.values) { #expect(abs(a - b) < 2e-5, "\(kind) of \(space)") }
    }
  }

  @Test func movesAndTheTargetsTheyLeadToLookAlike() {
    // Relative, in units of a move: sums of the moves, or ways of the targets.
    let count = Example.horizon * 3
    let moves = ActionRepresentation(
      kind: .relative, anchors: anchors(.move), scale: (0..<count).map { $0 % 3 == 2 ? 1 : Float(8) })
    let targets = ActionRepresentation(
      kind: .relative, anchors: anchors(.target),
      scale: (0..<count).map { [8 * 0.025 / 0.35, 8 * 0.025 / 0.25, 1][$0 % 3] })
    for row in 0..<40 {
      let a = seen(example.chunk(row, .move), by: moves, from: example.states[row])
      let b = seen(example.chunk(row, .target), by: targets, from: example.states[row])
      for (a, b) in zip(a, b) { #expect(abs(a - b) < 1e-4) }
    }
  }

  @Test func aRelativeTargetIsSeenFromTheRobot() {
    // The robot is at x = 0.175 of ±0.35, that is action 0.5, and at y = 0.225, action −0.1.
    let relative = ActionRepresentation(
      kind: .relative, anchors: anchors(.target), scale: [0.5, 0.25, 1, 0.5, 0.25, 1])
    let chunk = ActionChunk(horizon: 2, dimension: 3, values: [0.5, -0.1, 0.3, 0.75, 0.025, -1])
    let values = seen(chunk, by: relative, from: [0.225, 0.175])
    let expected: [Float] = [0, 0, 0.3, 0.5, 0.5, -1]
    #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func whatTheRestOfAChunkMeansIsReanchored() {
    // Steps 3 … of a relative chunk, seen from where the robot is at step 3, are the same targets.
    let fitted = ActionRepresentation(
      kind: .relative, anchors: anchors(.target), scale: [Float](repeating: 1, count: Example.horizon * 3))
    let chunk = example.chunk(0, .target)
    let rest = ActionChunk(horizon: Example.horizon - 3, dimension: 3, values: Array(chunk.values[9...]))
    let later: [Float] = [(chunk.values[7] + 1) * 0.25, chunk.values[6] * 0.35]
    let encoded = fitted.encoded(rest, proprioception: later)
    #expect(abs(encoded.values[0] - (chunk.values[9] - chunk.values[6])) < 1e-5)
    let back = fitted.decoded(encoded, proprioception: later)
    for (a, b) in zip(back.values, rest.values) { #expect(abs(a - b) < 1e-5) }
  }

  @Test func theScaleIsWhatLabelsNeed() {
    let pair = [
      ActionAnchor(element: 1, least: 0, greatest: 512), ActionAnchor(element: 0, least: -1, greatest: 1),
    ]
    let chunks: [Float] = [0.5, 0, 0.7, 0, 0.5, 0, 0.3, 0]
    let fitted = ActionRepresentation(
      kind: .relative, anchors: pair, horizon: 2, fittedTo: visiting(chunks, [[0, 384], [0, 384]]))
    // Ways of 0 at the first step, of 0.2 and −0.2 at the second.
    #expect(fitted.scale.count == 4 && fitted.scale[0] == 0.01 && fitted.scale[1] == 0.01)
    #expect(abs(fitted.scale[2] - 3 * 0.2) < 0.1)
    #expect(fitted.scale[3] == 0.01)
  }

  @Test func movesSeenAsTheyAreKeepTheirBits() {
    let fitted = ActionRepresentation(
      kind: .delta, anchors: anchors(.move), horizon: Example.horizon,
      fittedTo: visiting(example.moves, example.states))
    let chunk = example.chunk(3, .move)
    #expect(seen(chunk, by: fitted, from: example.states[3]) == chunk.values)
    #expect(fitted.decoded(chunk, proprioception: example.states[3]) == chunk)
  }

  @Test func theSameChunkElsewhereIsTheSameTargetsElsewhere() throws {
    var configuration = TinyTask.configuration(RegressionOptions())
    configuration.representation = ActionRepresentation(
      kind: .relative, anchors: [0, 1].map { ActionAnchor(element: $0, least: -1, greatest: 1) },
      scale: [Float](repeating: 0.5, count: 2 * configuration.horizons.prediction))
    // The network itself does not see where the robot is.
    configuration.normalization.proprioceptionDeviation = [1e9, 1e9]
    let trainable = try TrainablePolicy(configuration)
    let inference = trainable.policy(weights: trainable.parameters.values).makeInference(batch: 2)
    var stream = RandomStream(seed: 1)
    let here = TinyTask.scene(&stream).observation
    var there = here
    there.proprioception = [here.proprioception[0] + 0.2, here.proprioception[1] - 0.1]
    var requests = [here, there].map {
      PolicyRequest(history: ObservationHistory(first: $0, horizon: 2), noise: RandomStream(seed: 2))
    }
    let chunks = inference.predict(&requests)
    for i in chunks[0].values.indices {
      let way = chunks[1].values[i] - chunks[0].values[i]
      #expect(abs(way - (i % 2 == 0 ? 0.2 : -0.1)) < 1e-4)
    }
  }

  @Test func anAnchorThatIsNotThereIsRefused() {
    var configuration = TinyTask.configuration(RegressionOptions())
    configuration.representation = ActionRepresentation(
      kind: .relative, anchors: [0, 7].map { ActionAnchor(element: $0, least: -1, greatest: 1) },
      scale: [Float](repeating: 0.5, count: 2 * configuration.horizons.prediction))
    #expect(throws: UserError.self) { try configuration.validate() }
  }

  @Test func checkpointsFromBeforeTheChoiceAreRelative() throws {
    let text = #"{"anchors":[{"element":0,"greatest":512,"least":0}],"reach":[0.5,0.25]}"#
    let read = try JSONDecoder().decode(ActionRepresentation.self, from: Data(text.utf8))
    #expect(
      read
        == ActionRepresentation(
          kind: .relative, anchors: [ActionAnchor(element: 0, least: 0, greatest: 512)], scale: [0.5, 0.25]))
    let again = try JSONDecoder().decode(ActionRepresentation.self, from: JSONEncoder().encode(read))
    #expect(again == read)
  }
}

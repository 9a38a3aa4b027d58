// The example of the module's page "Adding an operation", as it stands there.

import Foundation
import PlanarNeuralNetworks
import Testing

/// x · exp(−x²·w) for each column's own learned w: `[…, C]` → the same shape.
final class LearnedBump: CustomOperation {
  let width: Parameter
  var parameters: [Parameter] { [width] }

  init(_ layout: inout ParameterLayout, _ name: String, channels: Int) {
    width = layout.add(name + ".width", [channels], .ones)
  }

  func forward(_ context: CustomContext) {
    let (x, w, y) = (context.input(0), context.weights(width), context.output)
    for i in x.indices {
      context.kept[i] = exp(-x[i] * x[i] * w[i % w.count])
      y[i] = x[i] * context.kept[i]
    }
  }

  func backward(_ context: CustomContext) {
    let (x, w, e, dy) = (
      context.input(0), context.weights(width), context.kept, context.outputGradient
    )
    if let dx = context.inputGradient(0) {
      for i in x.indices { dx[i] += dy[i] * e[i] * (1 - 2 * x[i] * x[i] * w[i % w.count]) }
    }
    if let dw = context.gradient(of: width) {
      for i in x.indices { dw[i % w.count] -= dy[i] * e[i] * x[i] * x[i] * x[i] }
    }
  }
}

extension Tape {
  func bump(_ x: Tensor, _ layer: LearnedBump) -> Tensor {
    precondition(
      x.shape.columns == layer.width.count,
      "bump '\(layer.width.name)': input \(x.shape) does not end in \(layer.width.shape)")
    return custom(layer, x, outputShape: x.shape, keeping: x.count)
  }
}

/// A layer out of operations that exist.
struct BumpBlock {
  let norm: RMSNorm
  let bump: LearnedBump
  let out: Linear

  init(_ layout: inout ParameterLayout, _ name: String, channels: Int) {
    norm = RMSNorm(&layout, name + ".norm", width: channels)
    bump = LearnedBump(&layout, name + ".bump", channels: channels)
    out = Linear(&layout, name + ".out", inputs: channels, outputs: channels)
  }
}

extension Tape {
  func bumpBlock(_ x: Tensor, _ layer: BumpBlock) -> Tensor {
    linear(bump(rmsNorm(x, layer.norm), layer.bump), layer.out, residual: x)
  }
}

@Suite struct CustomOperationTests {
  /// What the page shows is what is compiled here.
  @Test func thePageShowsThisFile() throws {
    let here = URL(fileURLWithPath: #filePath)
    let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appendingPathComponent("Sources/NeuralNetworks/README.md"), encoding: .utf8)
    let code = try String(contentsOf: here, encoding: .utf8)
    let section = page.components(separatedBy: "## Adding an operation")[1]
    let examples = section.components(separatedBy: "```swift\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
    #expect(examples.count == 2)
    for example in examples { #expect(code.contains(example), "the page has:\n\(example)") }
  }

  @Test func gradientsOfTheExample() {
    var layout = ParameterLayout()
    let block = BumpBlock(&layout, "block", channels: 12)
    checkGradients(
      layout, inputs: [(Shape(2, 3, 12), randomNumbers(72, seed: 1))], tolerance: 1e-2
    ) { tape, v in
      // Twice, with the input used again: nothing of one pass may be left in the operation.
      tape.bumpBlock(tape.bumpBlock(v[0], block), block)
    }
  }

  /// z = Σ over the last axis of a·b·c: three inputs, another shape.
  final class TripleProduct: CustomOperation {
    func forward(_ context: CustomContext) {
      let (a, b, c) = (context.input(0), context.input(1), context.input(2))
      let width = context.shape(0).columns
      for r in 0..<context.outputShape.count {
        context.output[r] = (0..<width).reduce(0) {
          $0 + a[r * width + $1] * b[r * width + $1] * c[r * width + $1]
        }
      }
    }
    func backward(_ context: CustomContext) {
      let width = context.shape(0).columns
      let inputs = (0..<3).map { context.input($0) }
      for i in 0..<3 {
        guard let gradient = context.inputGradient(i) else { continue }
        let (p, q) = (inputs[(i + 1) % 3], inputs[(i + 2) % 3])
        for j in p.indices { gradient[j] += context.outputGradient[j / width] * p[j] * q[j] }
      }
    }
  }

  @Test func threeInputsOneOfWhichLearnsNothing() {
    let operation = TripleProduct()
    let shape = Shape(4, 5)
    let inputs = (0..<2).map { (shape, randomNumbers(20, seed: UInt64($0))) }
    checkGradients(inputs: inputs) { tape, v in
      let fixed = tape.input(shape, randomNumbers(20, seed: 9))
      return tape.custom(operation, v[0], fixed, v[1], outputShape: Shape(4))
    }
    checkGradients(inputs: inputs) { tape, v in
      tape.custom(operation, v[0], v[1], v[0], outputShape: Shape(4))
    }
  }
}

// Convolutions against plain loops in double precision.

import PlanarNeuralNetworks
import PlanarCore
import Testing

/// One convolution: image extents (height 1 and a flat kernel for sequences), and the layer's numbers.
private struct ConvolutionCase: CustomTestStringConvertible, Sendable {
  var images: Int
  var height: Int
  var width: Int
  var inputs: Int
  var outputs: Int
  var kernel: Int
  var stride: Int
  var padding: Int
  var isImage: Bool

  var kernelHeight: Int { isImage ? kernel : 1 }
  var outHeight: Int { isImage ? (height + 2 * padding - kernel) / stride + 1 : 1 }
  var outWidth: Int { (width + 2 * padding - kernel) / stride + 1 }
  var testDescription: String {
    "\(images)×\(height)×\(width)×\(inputs) → \(outputs), kernel \(kernel), stride \(stride), padding \(padding)"
  }

  /// Calls `body` with every product of the convolution: input, output and weight places.
  func forEachProduct(_ body: (_ x: Int, _ y: Int, _ w: Int) -> Void) {
    let (vStride, vPad) = isImage ? (stride, padding) : (1, 0)
    for n in 0..<images {
      for oy in 0..<outHeight {
        for ox in 0..<outWidth {
          for ky in 0..<kernelHeight {
            for kx in 0..<kernel {
              let (iy, ix) = (oy * vStride + ky - vPad, ox * stride + kx - padding)
              guard iy >= 0, iy < height, ix >= 0, ix < width else { continue }
              for o in 0..<outputs {
                for c in 0..<inputs {
                  body(
                    ((n * height + iy) * width + ix) * inputs + c,
                    ((n * outHeight + oy) * outWidth + ox) * outputs + o,
                    ((o * inputs + c) * kernelHeight + ky) * kernel + kx)
                }
              }
            }
          }
        }
      }
    }
  }
}

private let cases = [
  ConvolutionCase(
    images: 2, height: 1, width: 16, inputs: 6, outputs: 8, kernel: 5, stride: 1, padding: 2, isImage: false),
  ConvolutionCase(
    images: 3, height: 1, width: 4, inputs: 35, outputs: 70, kernel: 5, stride: 1, padding: 2, isImage: false),
  ConvolutionCase(
    images: 2, height: 1, width: 11, inputs: 3, outputs: 33, kernel: 3, stride: 2, padding: 1, isImage: false),
  ConvolutionCase(
    images: 1, height: 1, width: 13, inputs: 5, outputs: 4, kernel: 2, stride: 3, padding: 0, isImage: false),
  ConvolutionCase(
    images: 5, height: 1, width: 7, inputs: 9, outputs: 17, kernel: 1, stride: 1, padding: 0, isImage: false),
  ConvolutionCase(
    images: 2, height: 1, width: 9, inputs: 4, outputs: 3, kernel: 4, stride: 2, padding: 3, isImage: false),
  ConvolutionCase(
    images: 2, height: 9, width: 8, inputs: 3, outputs: 5, kernel: 3, stride: 1, padding: 1, isImage: true),
  ConvolutionCase(
    images: 2, height: 9, width: 8, inputs: 33, outputs: 5, kernel: 3, stride: 2, padding: 1, isImage: true),
  ConvolutionCase(
    images: 1, height: 7, width: 10, inputs: 2, outputs: 40, kernel: 5, stride: 3, padding: 2, isImage: true),
  ConvolutionCase(
    images: 3, height: 1, width: 6, inputs: 4, outputs: 4, kernel: 1, stride: 1, padding: 1, isImage: true),
]

private func random(_ count: Int, _ stream: inout RandomStream) -> [Float] {
  (0..<count).map { _ in Float(stream.normal()) }
}

/// Largest difference, relative to the largest expected number.
private func error(_ found: [Float], _ expected: [Double]) -> Double {
  let scale = max(1e-30, expected.reduce(0) { max($0, abs($1)) })
  return zip(found, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) } / scale
}

@Suite struct ConvolutionTests {
  @Test(arguments: cases) private func `convolutions and their gradients`(_ example: ConvolutionCase) {
    var stream = RandomStream(seed: 3, purpose: example.testDescription)
    var layout = ParameterLayout()
    let weight: Parameter
    let bias: Parameter
    let apply: (Tape, Tensor) -> Tensor
    let inputShape: Shape
    if example.isImage {
      let layer = Convolution2D(
        &layout, "c", inputs: example.inputs, outputs: example.outputs, kernel: example.kernel,
        stride: example.stride, padding: example.padding)
      (weight, bias) = (layer.weight, layer.bias!)
      apply = { $0.convolution($1, layer) }
      inputShape = Shape(example.images, example.height, example.width, example.inputs)
    } else {
      let layer = Convolution1D(
        &layout, "c", inputs: example.inputs, outputs: example.outputs, kernel: example.kernel,
        stride: example.stride, padding: example.padding)
      (weight, bias) = (layer.weight, layer.bias!)
      apply = { $0.convolution($1, layer) }
      inputShape = Shape(example.images, example.width, example.inputs)
    }
    let store = ParameterStore(layout: layout, seed: 5)
    let (w, b) = (store.tensor(weight), store.tensor(bias))
    let x = random(inputShape.count, &stream)
    let outputCount = example.images * example.outHeight * example.outWidth * example.outputs
    let dy = random(outputCount, &stream)
    var y = (0..<outputCount).map { Double(b[$0 % example.outputs]) }
    var dx = [Double](repeating: 0, count: x.count)
    var dw = [Double](repeating: 0, count: w.count)
    example.forEachProduct { i, j, k in
      y[j] += Double(x[i]) * Double(w[k])
      dx[i] += Double(dy[j]) * Double(w[k])
      dw[k] += Double(dy[j]) * Double(x[i])
    }

    let tape = Tape(recording: true)
    let gradient = FloatBuffer(count: layout.bufferCount)
    tape.begin(weights: store.values, gradients: gradient)
    let input = tape.variable(inputShape, x)
    let output = apply(tape, input)
    #expect(output.count == outputCount)
    #expect(error(tape.array(output), y) < 1e-6)
    tape.backward(from: output, gradient: dy)
    #expect(error(tape.gradientArray(input), dx) < 1e-6)
    #expect(error(layout.numbers(of: weight, in: gradient), dw) < 1e-6)
    let db = (0..<example.outputs).map { o in
      stride(from: o, to: outputCount, by: example.outputs).reduce(0.0) { $0 + Double(dy[$1]) }
    }
    #expect(error(layout.numbers(of: bias, in: gradient), db) < 1e-6)
  }

  @Test(arguments: cases.filter { !$0.isImage })
  private func `transposed convolutions are the adjoint`(_ example: ConvolutionCase) {
    var stream = RandomStream(seed: 4, purpose: example.testDescription)
    var layout = ParameterLayout()
    // From the convolution's output to its input; an input too short for a whole last window stays shorter.
    let layer = TransposedConvolution1D(
      &layout, "t", inputs: example.outputs, outputs: example.inputs, kernel: example.kernel,
      stride: example.stride, padding: example.padding)
    var covered = example
    covered.width = (example.outWidth - 1) * example.stride - 2 * example.padding + example.kernel
    guard covered.width > 0 else { return }
    let store = ParameterStore(layout: layout, seed: 6)
    let (w, b) = (store.tensor(layer.weight), store.tensor(layer.bias!))
    let xShape = Shape(example.images, example.outWidth, example.outputs)
    let x = random(xShape.count, &stream)
    let outputCount = example.images * covered.width * example.inputs
    let dy = random(outputCount, &stream)
    var y = (0..<outputCount).map { Double(b[$0 % example.inputs]) }
    var dx = [Double](repeating: 0, count: x.count)
    var dw = [Double](repeating: 0, count: w.count)
    covered.forEachProduct { i, j, k in
      y[i] += Double(x[j]) * Double(w[k])
      dx[j] += Double(dy[i]) * Double(w[k])
      dw[k] += Double(dy[i]) * Double(x[j])
    }

    let tape = Tape(recording: true)
    let gradient = FloatBuffer(count: layout.bufferCount)
    tape.begin(weights: store.values, gradients: gradient)
    let input = tape.variable(xShape, x)
    let output = tape.transposedConvolution(input, layer)
    #expect(error(tape.array(output), y) < 1e-6)
    tape.backward(from: output, gradient: dy)
    #expect(error(tape.gradientArray(input), dx) < 1e-6)
    #expect(error(layout.numbers(of: layer.weight, in: gradient), dw) < 1e-6)
  }

  @Test func `a row's result does not depend on the rows beside it`() {
    var layout = ParameterLayout()
    let layer = Linear(&layout, "l", inputs: 70, outputs: 150)
    let store = ParameterStore(layout: layout, seed: 1)
    var stream = RandomStream(seed: 2, purpose: "rows")
    let x = random(70 * 70, &stream)
    let tape = Tape(recording: false)
    func outputs(_ rows: Range<Int>) -> [UInt32] {
      tape.begin(weights: store.values)
      let input = tape.input(Shape(rows.count, 70), Array(x[rows.lowerBound * 70..<rows.upperBound * 70]))
      return tape.array(tape.linear(input, layer, activation: .silu)).map(\.bitPattern)
    }
    let all = outputs(0..<70)
    for rows in [0..<1, 5..<7, 8..<13, 3..<20, 69..<70, 1..<67] {
      #expect(outputs(rows) == Array(all[rows.lowerBound * 150..<rows.upperBound * 150]))
    }
  }
}

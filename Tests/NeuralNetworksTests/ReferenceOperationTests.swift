// Operations and their gradients against PyTorch's numbers.

import NeuralNetworks
import TensorFiles
import Testing

@Suite struct ReferenceOperationTests {
  let tape = Tape(recording: true)

  func variable(_ name: String) -> Tensor {
    let s = Reference.shape(name)
    let shape = s.count == 1 ? Shape(s[0]) : s.count == 2 ? Shape(s[0], s[1]) : Shape(s[0], s[1], s[2])
    return tape.variable(shape, Reference.floats(name))
  }

  /// Parameters with the reference's numbers.
  func begin(_ layout: ParameterLayout, _ numbers: [(Parameter, [Float])]) -> FloatBuffer {
    let store = ParameterStore(layout: layout, seed: 0)
    for (parameter, values) in numbers { store.set(parameter, to: values) }
    let gradients = FloatBuffer(count: layout.bufferCount)
    tape.begin(weights: store.values, gradients: gradients)
    return gradients
  }

  func gradient(_ parameter: Parameter, _ buffer: FloatBuffer) -> [Float] {
    (0..<parameter.count).map { buffer[parameter.offset + $0] }
  }

  @Test(arguments: ["linear_3d", "linear_nobias"])
  func linear(name: String) {
    var layout = ParameterLayout()
    let hasBias = Reference.file.contains(name + ".param.b")
    let layer = Linear(&layout, "l", inputs: 7, outputs: 6, bias: hasBias)
    var numbers = [(layer.weight, Reference.floats(name + ".param.w"))]
    if let bias = layer.bias { numbers.append((bias, Reference.floats(name + ".param.b"))) }
    let gradients = begin(layout, numbers)
    let x = variable(name + ".in.x")
    let y = tape.linear(x, layer)
    #expect(relativeError(tape.array(y), Reference.floats(name + ".out")) < 1e-5)
    tape.backward(from: y, gradient: Reference.floats(name + ".grad_out"))
    #expect(relativeError(tape.gradientArray(x), Reference.floats(name + ".grad.x")) < 1e-5)
    #expect(
      relativeError(gradient(layer.weight, gradients), Reference.floats(name + ".grad.w")) < 1e-5)
    if let bias = layer.bias {
      #expect(relativeError(gradient(bias, gradients), Reference.floats(name + ".grad.b")) < 1e-5)
    }
  }

  @Test(arguments: [
    ("relu", Activation.relu), ("relu_wide", .relu), ("silu", .silu), ("silu_wide", .silu),
    ("gelu_tanh", .geluTanh), ("gelu_tanh_wide", .geluTanh),
  ])
  func activation(name: String, activation: Activation) {
    _ = begin(ParameterLayout(), [])
    let x = variable(name + ".in.x")
    let y = tape.activate(x, activation)
    let output = tape.array(y)
    tape.backward(from: y, gradient: Reference.floats(name + ".grad_out"))
    for (ours, theirs) in [
      (output, Reference.floats(name + ".out")),
      (tape.gradientArray(x), Reference.floats(name + ".grad.x")),
    ] {
      for (a, b) in zip(ours, theirs) { #expect(abs(a - b) <= 5e-6 + 1e-5 * abs(b)) }
    }
  }

  @Test func layerNorm() {
    var layout = ParameterLayout()
    let layer = LayerNorm(&layout, "n", width: 12)
    let gradients = begin(
      layout,
      [
        (layer.gain!, Reference.floats("layernorm.param.w")),
        (layer.shift!, Reference.floats("layernorm.param.b")),
      ])
    let x = variable("layernorm.in.x")
    let y = tape.layerNorm(x, layer)
    #expect(relativeError(tape.array(y), Reference.floats("layernorm.out")) < 1e-5)
    tape.backward(from: y, gradient: Reference.floats("layernorm.grad_out"))
    for (ours, name) in [
      (tape.gradientArray(x), "x"), (gradient(layer.gain!, gradients), "w"),
      (gradient(layer.shift!, gradients), "b"),
    ] {
      #expect(relativeError(ours, Reference.floats("layernorm.grad." + name)) < 1e-5)
    }
  }

  /// With its four projections; keys and values share one matrix here.
  @Test(arguments: ["mha_self_padding", "mha_cross_padding"])
  func attention(name: String) {
    var layout = ParameterLayout()
    let query = Linear(&layout, "q", inputs: 24, outputs: 24)
    let keyValue = Linear(&layout, "kv", inputs: 24, outputs: 48)
    let out = Linear(&layout, "o", inputs: 24, outputs: 24)
    func p(_ s: String) -> [Float] { Reference.floats(name + ".param." + s) }
    let gradients = begin(
      layout,
      [
        (query.weight, p("wq")), (query.bias!, p("bq")), (keyValue.weight, p("wk") + p("wv")),
        (keyValue.bias!, p("bk") + p("bv")), (out.weight, p("wo")), (out.bias!, p("bo")),
      ])
    let x = variable(name + ".in.x")
    let crossed = Reference.file.contains(name + ".in.kv")
    let source = crossed ? variable(name + ".in.kv") : x
    let mask = variable(name + ".in.valid")
    let mixed = tape.attention(
      queries: tape.linear(x, query), keysValues: tape.linear(source, keyValue), heads: 4,
      keyMask: mask)
    let y = tape.linear(mixed, out)
    #expect(relativeError(tape.array(y), Reference.floats(name + ".out")) < 1e-5)
    tape.backward(from: y, gradient: Reference.floats(name + ".grad_out"))
    func g(_ s: String) -> [Float] { Reference.floats(name + ".grad." + s) }
    #expect(relativeError(tape.gradientArray(x), g("x")) < 1e-5)
    if crossed { #expect(relativeError(tape.gradientArray(source), g("kv")) < 1e-5) }
    for (parameter, theirs) in [
      (query.weight, g("wq")), (query.bias!, g("bq")), (keyValue.weight, g("wk") + g("wv")),
      (keyValue.bias!, g("bk") + g("bv")), (out.weight, g("wo")), (out.bias!, g("bo")),
    ] {
      #expect(relativeError(gradient(parameter, gradients), theirs) < 1e-5, "\(parameter.name)")
    }
  }

  @Test func embedding() {
    var layout = ParameterLayout()
    let layer = Embedding(&layout, "e", entries: 11, width: 6)
    let gradients = begin(layout, [(layer.table, Reference.floats("embedding.param.w"))])
    let indices = Reference.floats("embedding.in.ids").map { Int32($0) }
    let y = indices.withUnsafeBufferPointer { tape.embed($0, rows: 3, columns: 5, layer) }
    #expect(tape.array(y) == Reference.floats("embedding.out"))
    tape.backward(from: y, gradient: Reference.floats("embedding.grad_out"))
    #expect(
      relativeError(gradient(layer.table, gradients), Reference.floats("embedding.grad.w")) < 1e-5)
  }

  @Test func sinusoidalTimes() {
    _ = begin(ParameterLayout(), [])
    let y = tape.sinusoidalEmbedding(of: variable("sinusoidal.in.t"), width: 32)
    for (a, b) in zip(tape.array(y), Reference.floats("sinusoidal.out")) {
      #expect(abs(a - b) < 1e-4)
    }
  }

  @Test(arguments: [
    ("mse", LossKind.meanSquaredError), ("l1", .meanAbsoluteError), ("huber", .huber(delta: 1)),
  ])
  func loss(name: String, kind: LossKind) {
    _ = begin(ParameterLayout(), [])
    let prediction = variable(name + ".in.pred")
    let weight = Reference.floats(name + ".grad_out")[0]
    let value = tape.loss(kind, prediction, variable(name + ".in.target"), weight: weight)
    #expect(abs(value / weight - Reference.floats(name + ".out")[0]) < 1e-5)
    tape.backward()
    #expect(
      relativeError(tape.gradientArray(prediction), Reference.floats(name + ".grad.pred")) < 1e-5)
  }
}

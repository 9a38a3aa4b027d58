// A network of random operations, and how a tape runs it.

import PlanarNeuralNetworks
import PlanarCore

/// One operation; numbers are indices of nodes.
enum Step {
  case linear(Int, Linear, Activation, residual: Int?)
  case add(Int, Int)
  case multiply(Int, Int)
  case gate(Int, Int)
  case activate(Int, Activation)
  case layerNorm(Int, LayerNorm)
  case rmsNorm(Int, RMSNorm)
  case groupNorm(Int, GroupNorm, Activation)
  case attention(Int, Int, heads: Int, mask: [Float]?, causal: Bool)
  case packedAttention(Int, heads: Int, mask: [Float]?, causal: Bool)
  case concatenateTokens(Int, Int)
  case concatenateChannels(Int, Int)
  case tokens(Int, Range<Int>)
  case columns(Int, Range<Int>)
  case convolution(Int, Convolution1D)
  case transposedConvolution(Int, TransposedConvolution1D)
  case image(Int, Convolution2D)
  case softmax(Int)
  case logSoftmax(Int)
  case rope(Int, heads: Int, style: RotaryStyle)
  case pool(Int)
  case modulate(Int, by: Int, offset: Float)
  case addBroadcast(Int, Int)
  case reshape(Int)
}

/// Nodes are `[N, L, D]`, but for pooled ones, `[N, D]`.
struct RandomGraph: CustomStringConvertible {
  var inputs: [[Int]] = []
  var steps: [Step] = []
  var shapes: [[Int]] = []
  /// Losses: node and weight.
  var losses: [(node: Int, weight: Float)] = []

  var description: String {
    "inputs \(inputs)\n"
      + zip(steps, shapes.dropFirst(inputs.count)).map { step, shape in
        "\("\(step)".replacing("NeuralNetworks.", with: "").prefix(140)) → \(shape)"
      }.joined(separator: "\n") + "\nlosses \(losses)"
  }

  init(_ layout: inout ParameterLayout, _ stream: inout RandomStream) {
    func pick(_ numbers: [Int]) -> Int { numbers[stream.integer(below: numbers.count)] }
    let batch = pick([1, 1, 2, 3])
    let widths = [1, 2, 3, 5, 8, 16, 17, 24, 33]
    for _ in 0..<pick([1, 2]) {
      inputs.append([batch, pick([1, 2, 3, 5, 17, 34]), pick(widths)])
    }
    shapes = inputs
    var names = 0
    func name() -> String {
      names += 1
      return "p\(names)"
    }
    let wanted = pick([1, 3, 6, 10])
    var tries = 0
    while steps.count < wanted, tries < 200 {
      tries += 1
      let a = pick(shapes.indices.map { $0 } + [shapes.count - 1])
      let x = shapes[a]
      guard x.count == 3 else { continue }
      let alike = shapes.indices.filter { shapes[$0] == x }
      let b = pick(alike)
      let activation = Activation.allCases[stream.integer(below: Activation.allCases.count)]
      let (length, width) = (x[1], x[2])
      func mask(_ keys: Int) -> [Float]? {
        stream.integer(below: 2) == 0
          ? nil : (0..<batch * keys).map { _ in stream.integer(below: 3) == 0 ? 0 : 1 }
      }
      func append(_ step: Step, _ shape: [Int]) {
        steps.append(step)
        shapes.append(shape)
      }
      switch stream.integer(below: 24) {
      case 0:
        let layer = Linear(&layout, name(), inputs: width, outputs: pick(widths), bias: pick([0, 1]) == 1)
        append(.linear(a, layer, activation, residual: nil), [batch, length, layer.outputs])
      case 1:
        let layer = Linear(&layout, name(), inputs: width, outputs: width)
        append(.linear(a, layer, .none, residual: b), x)
      case 2: append(.add(a, b), x)
      case 3: append(.multiply(a, b), x)
      case 4: append(.gate(a, b), x)
      case 5: append(.activate(a, activation), x)
      case 6:
        append(
          .layerNorm(
            a,
            pick([0, 1]) == 0
              ? LayerNorm(&layout, name(), width: width, epsilon: 0.1) : LayerNorm(epsilon: 0.1)), x)
      case 7: append(.rmsNorm(a, RMSNorm(&layout, name(), width: width, epsilon: 0.1)), x)
      case 8:
        let groups = pick((1...width).filter { width % $0 == 0 })
        append(
          .groupNorm(
            a, GroupNorm(&layout, name(), groups: groups, channels: width, epsilon: 0.1), activation), x)
      case 9, 10:
        let other = pick(shapes.indices.filter { shapes[$0].count == 3 })
        let layer = Linear(&layout, name(), inputs: shapes[other][2], outputs: 2 * width)
        let keys = shapes[other][1]
        append(.linear(other, layer, .none, residual: nil), [batch, keys, 2 * width])
        let heads = pick((1...width).filter { width % $0 == 0 })
        append(.attention(a, shapes.count - 1, heads: heads, mask: mask(keys), causal: pick([0, 1]) == 0), x)
      case 11:
        let layer = Linear(&layout, name(), inputs: width, outputs: 3 * width)
        append(.linear(a, layer, .none, residual: nil), [batch, length, 3 * width])
        let heads = pick((1...width).filter { width % $0 == 0 })
        append(
          .packedAttention(shapes.count - 1, heads: heads, mask: mask(length), causal: pick([0, 1]) == 0), x)
      case 12:
        let other = pick(shapes.indices.filter { shapes[$0].count == 3 && shapes[$0][2] == width })
        if length + shapes[other][1] < 60 {
          append(.concatenateTokens(a, other), [batch, length + shapes[other][1], width])
        }
      case 13:
        let other = pick(shapes.indices.filter { shapes[$0].count == 3 && shapes[$0][1] == length })
        if width + shapes[other][2] < 70 {
          append(.concatenateChannels(a, other), [batch, length, width + shapes[other][2]])
        }
      case 14:
        let start = stream.integer(below: length)
        let end = start + 1 + stream.integer(below: length - start)
        append(.tokens(a, start..<end), [batch, end - start, width])
      case 15:
        let start = stream.integer(below: width)
        let end = start + 1 + stream.integer(below: width - start)
        append(.columns(a, start..<end), [batch, length, end - start])
      case 16:
        let (kernel, stride, padding) = (pick([1, 2, 3, 4, 5]), pick([1, 2, 3, 4]), pick([0, 1, 2, 4]))
        guard length + 2 * padding >= kernel else { continue }
        let layer = Convolution1D(
          &layout, name(), inputs: width, outputs: pick(widths), kernel: kernel, stride: stride,
          padding: padding, bias: pick([0, 1]) == 0)
        append(.convolution(a, layer), [batch, (length + 2 * padding - kernel) / stride + 1, layer.outputs])
      case 17:
        let (kernel, stride, padding) = (pick([1, 2, 3, 4, 5]), pick([1, 2, 3]), pick([0, 1, 2]))
        let longer = (length - 1) * stride - 2 * padding + kernel
        guard longer > 0, longer < 60 else { continue }
        let layer = TransposedConvolution1D(
          &layout, name(), inputs: width, outputs: pick(widths), kernel: kernel, stride: stride,
          padding: padding, bias: pick([0, 1]) == 0)
        append(.transposedConvolution(a, layer), [batch, longer, layer.outputs])
      case 18:
        // The sequence as an image of one channel.
        let (kernel, stride, padding) = (pick([1, 2, 3]), pick([1, 2, 3]), pick([0, 1, 2]))
        guard min(length, width) + 2 * padding >= kernel else { continue }
        let layer = Convolution2D(
          &layout, name(), inputs: 1, outputs: pick([1, 2, 17]), kernel: kernel, stride: stride,
          padding: padding)
        let (h, w) = (
          (length + 2 * padding - kernel) / stride + 1, (width + 2 * padding - kernel) / stride + 1
        )
        append(.image(a, layer), [batch, h * w, layer.outputs])
      case 19: append(pick([0, 1]) == 0 ? .softmax(a) : .logSoftmax(a), x)
      case 20:
        guard width % 2 == 0 else { continue }
        append(.rope(a, heads: 1, style: pick([0, 1]) == 0 ? .half : .interleaved), x)
      case 21:
        append(.pool(a), [batch, width])
        let film = Linear(&layout, name(), inputs: width, outputs: 2 * width + 1)
        append(.linear(shapes.count - 1, film, .silu, residual: nil), [batch, 2 * width + 1])
        append(.modulate(b, by: shapes.count - 1, offset: Float(pick([0, 1]))), x)
      case 22:
        append(.tokens(a, 0..<1), [batch, 1, width])
        append(.addBroadcast(b, shapes.count - 1), x)
      default: append(.reshape(a), [batch, width, length])
      }
    }
    losses = [(shapes.count - 1, 1)]
    for _ in 0..<pick([0, 1, 2]) { losses.append((stream.integer(below: shapes.count), 0.5)) }
  }

  /// Runs it on a tape for the first `batch` samples: all nodes, inputs first.
  func run(_ tape: Tape, _ variables: [Tensor], batch: Int) -> [Tensor] {
    var nodes = variables
    func masked(_ mask: [Float]?, _ node: Int) -> Tensor? {
      let keys = nodes[node].shape[1]
      return mask.map { tape.input(Shape(batch, keys), Array($0.prefix(batch * keys))) }
    }
    func target(_ step: Int) -> Shape { shape([batch] + shapes[inputs.count + step].dropFirst()) }
    for (i, step) in steps.enumerated() {
      let made: Tensor =
        switch step {
        case .linear(let a, let layer, let f, let r):
          tape.linear(nodes[a], layer, activation: f, residual: r.map { nodes[$0] })
        case .add(let a, let b): tape.add(nodes[a], nodes[b])
        case .multiply(let a, let b): tape.multiply(nodes[a], nodes[b])
        case .gate(let a, let b): tape.gatedProduct(nodes[a], nodes[b])
        case .activate(let a, let f): tape.activate(nodes[a], f)
        case .layerNorm(let a, let layer): tape.layerNorm(nodes[a], layer)
        case .rmsNorm(let a, let layer): tape.rmsNorm(nodes[a], layer)
        case .groupNorm(let a, let layer, let f): tape.groupNorm(nodes[a], layer, activation: f)
        case .attention(let a, let b, let heads, let mask, let causal):
          tape.attention(
            queries: nodes[a], keysValues: nodes[b], heads: heads, keyMask: masked(mask, b), causal: causal)
        case .packedAttention(let a, let heads, let mask, let causal):
          tape.attention(queriesKeysValues: nodes[a], heads: heads, keyMask: masked(mask, a), causal: causal)
        case .concatenateTokens(let a, let b): tape.concatenateTokens(nodes[a], nodes[b])
        case .concatenateChannels(let a, let b): tape.concatenateChannels(nodes[a], nodes[b])
        case .tokens(let a, let range): tape.tokens(nodes[a], range)
        case .columns(let a, let range): tape.columns(nodes[a], range)
        case .convolution(let a, let layer): tape.convolution(nodes[a], layer)
        case .transposedConvolution(let a, let layer): tape.transposedConvolution(nodes[a], layer)
        case .image(let a, let layer):
          tape.reshape(
            tape.convolution(
              tape.reshape(nodes[a], Shape(nodes[a].shape[0], nodes[a].shape[1], nodes[a].shape[2], 1)), layer
            ), target(i))
        case .softmax(let a): tape.softmax(nodes[a])
        case .logSoftmax(let a): tape.logSoftmax(nodes[a])
        case .rope(let a, let heads, let style):
          tape.rope(
            nodes[a], heads: heads, positions: (0..<nodes[a].shape[1]).map { Float($0) }, style: style)
        case .pool(let a): tape.globalAveragePool(nodes[a])
        case .modulate(let a, let film, let offset):
          tape.modulate(
            nodes[a], by: nodes[film], scaleColumn: 1, shiftColumn: nodes[a].shape[2] + 1, scaleOffset: offset
          )
        case .addBroadcast(let a, let b): tape.addBroadcast(nodes[a], nodes[b])
        case .reshape(let a): tape.reshape(nodes[a], target(i))
        }
      nodes.append(made)
    }
    return nodes
  }

  /// The weighted sum of the losses' mean squares.
  func loss(_ tape: Tape, _ nodes: [Tensor]) -> Float {
    var total: Float = 0
    for (node, weight) in losses {
      let zeros = tape.input(nodes[node].shape, [Float](repeating: 0, count: nodes[node].count))
      total += tape.loss(.meanSquaredError, nodes[node], zeros, weight: weight)
    }
    return total
  }
}

// The operations of a random graph as plain loops in double precision, forward only.

import Foundation
import PlanarNeuralNetworks

struct PlainGraph {
  var inputs: [[Double]]
  var parameters: [String: [Double]]
  var nodes: [[Double]] = []

  mutating func loss(_ graph: RandomGraph) -> Double {
    nodes = inputs
    for (i, step) in graph.steps.enumerated() { nodes.append(run(step, graph, graph.inputs.count + i)) }
    return graph.losses.reduce(0) { total, loss in
      total + Double(loss.weight) * nodes[loss.node].reduce(0) { $0 + $1 * $1 }
        / Double(nodes[loss.node].count)
    }
  }

  private func run(_ step: Step, _ graph: RandomGraph, _ target: Int) -> [Double] {
    let shapes = graph.shapes
    func width(_ node: Int) -> Int { shapes[node].last! }
    func rows(_ a: Int, _ body: ([Double]) -> [Double]) -> [Double] {
      stride(from: 0, to: nodes[a].count, by: width(a)).flatMap { body(Array(nodes[a][$0..<$0 + width(a)])) }
    }
    switch step {
    case .linear(let a, let layer, let f, let residual):
      var y = rows(a) { x in
        (0..<layer.outputs).map { o in
          apply(
            f,
            (0..<layer.inputs).reduce(layer.bias.map { self[$0][o] } ?? 0) {
              $0 + x[$1] * self[layer.weight][o * layer.inputs + $1]
            })
        }
      }
      if let residual { for i in y.indices { y[i] += nodes[residual][i] } }
      return y
    case .add(let a, let b): return zip(nodes[a], nodes[b]).map { $0 + $1 }
    case .multiply(let a, let b): return zip(nodes[a], nodes[b]).map { $0 * $1 }
    case .gate(let a, let b): return zip(nodes[a], nodes[b]).map { apply(.silu, $0) * $1 }
    case .activate(let a, let f): return nodes[a].map { apply(f, $0) }
    case .layerNorm(let a, let layer):
      return rows(a) { x in
        let mean = x.reduce(0, +) / Double(x.count)
        let s =
          1
          / (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count) + Double(layer.epsilon))
          .squareRoot()
        return x.indices.map {
          (x[$0] - mean) * s * (layer.gain.map { self[$0] }?[$0] ?? 1)
            + (layer.shift.map { self[$0] }?[$0] ?? 0)
        }
      }
    case .rmsNorm(let a, let layer):
      return rows(a) { x in
        let s = 1 / (x.reduce(0) { $0 + $1 * $1 } / Double(x.count) + Double(layer.epsilon)).squareRoot()
        return x.indices.map { x[$0] * s * self[layer.gain][$0] }
      }
    case .groupNorm(let a, let layer, let f):
      var y = nodes[a]
      let (length, channels) = (shapes[a][1], width(a))
      for n in 0..<shapes[a][0] {
        for g in 0..<layer.groups {
          let places = (0..<length * channels).filter { $0 % channels / (channels / layer.groups) == g }.map {
            $0 + n * length * channels
          }
          let mean = places.reduce(0) { $0 + y[$1] } / Double(places.count)
          let variance = places.reduce(0) { $0 + (y[$1] - mean) * (y[$1] - mean) } / Double(places.count)
          for i in places {
            y[i] = apply(
              f,
              (y[i] - mean) / (variance + Double(layer.epsilon)).squareRoot() * self[layer.gain][i % channels]
                + self[layer.shift][i % channels])
          }
        }
      }
      return y
    case .attention(let a, let b, let heads, let mask, let causal):
      let d = width(a)
      return attend(
        shapes[a][0], shapes[a][1], shapes[b][1], d, heads, mask, causal,
        { nodes[a][$0 * d + $1] }, { nodes[b][$0 * 2 * d + $1] }, { nodes[b][$0 * 2 * d + d + $1] })
    case .packedAttention(let a, let heads, let mask, let causal):
      let d = width(a) / 3
      return attend(
        shapes[a][0], shapes[a][1], shapes[a][1], d, heads, mask, causal,
        { nodes[a][$0 * 3 * d + $1] }, { nodes[a][$0 * 3 * d + d + $1] },
        { nodes[a][$0 * 3 * d + 2 * d + $1] })
    case .concatenateTokens(let a, let b):
      let (p, q) = (shapes[a][1] * width(a), shapes[b][1] * width(b))
      return sideBySide(a, p, b, q)
    case .concatenateChannels(let a, let b):
      let (p, q) = (width(a), width(b))
      return sideBySide(a, p, b, q)
    case .tokens(let a, let range):
      let (l, d) = (shapes[a][1], width(a))
      var y: [Double] = []
      for n in 0..<shapes[a][0] {
        y += nodes[a][(n * l + range.lowerBound) * d..<(n * l + range.upperBound) * d]
      }
      return y
    case .columns(let a, let range): return rows(a) { Array($0[range]) }
    case .convolution(let a, let layer):
      let (l, m, c) = (shapes[a][1], shapes[target][1], layer.inputs)
      var y: [Double] = []
      for n in 0..<shapes[a][0] {
        for j in 0..<m {
          for o in 0..<layer.outputs {
            var total = layer.bias.map { self[$0][o] } ?? 0
            for t in 0..<layer.kernel where (0..<l).contains(j * layer.stride + t - layer.padding) {
              for i in 0..<c {
                total +=
                  nodes[a][(n * l + j * layer.stride + t - layer.padding) * c + i]
                  * self[layer.weight][(o * c + i) * layer.kernel + t]
              }
            }
            y.append(total)
          }
        }
      }
      return y
    case .transposedConvolution(let a, let layer):
      let (l, m, c, o) = (shapes[a][1], shapes[target][1], layer.inputs, layer.outputs)
      var y = (0..<shapes[a][0] * m * o).map { i in layer.bias.map { self[$0][i % o] } ?? 0 }
      for n in 0..<shapes[a][0] {
        for j in 0..<l {
          for t in 0..<layer.kernel where (0..<m).contains(j * layer.stride + t - layer.padding) {
            for i in 0..<c {
              for k in 0..<o {
                y[(n * m + j * layer.stride + t - layer.padding) * o + k] +=
                  nodes[a][(n * l + j) * c + i] * self[layer.weight][(i * o + k) * layer.kernel + t]
              }
            }
          }
        }
      }
      return y
    case .image(let a, let layer):
      let (h, w, k) = (shapes[a][1], shapes[a][2], layer.kernel)
      let (oh, ow) = (
        (h + 2 * layer.padding - k) / layer.stride + 1, (w + 2 * layer.padding - k) / layer.stride + 1
      )
      var y: [Double] = []
      for n in 0..<shapes[a][0] {
        for p in 0..<oh * ow {
          for o in 0..<layer.outputs {
            var total = layer.bias.map { self[$0][o] } ?? 0
            for t in 0..<k * k {
              let (r, s) = (
                p / ow * layer.stride + t / k - layer.padding, p % ow * layer.stride + t % k - layer.padding
              )
              if (0..<h).contains(r), (0..<w).contains(s) {
                total += nodes[a][(n * h + r) * w + s] * self[layer.weight][o * k * k + t]
              }
            }
            y.append(total)
          }
        }
      }
      return y
    case .softmax(let a):
      return rows(a) { x in
        let mass = x.reduce(0) { $0 + exp($1 - x.max()!) }
        return x.map { exp($0 - x.max()!) / mass }
      }
    case .logSoftmax(let a):
      return rows(a) { x in
        let mass = x.reduce(0) { $0 + exp($1 - x.max()!) }
        return x.map { $0 - x.max()! - log(mass) }
      }
    case .rope(let a, _, let style):
      let (l, d) = (shapes[a][1], width(a))
      var y = nodes[a]
      for row in 0..<nodes[a].count / d {
        for i in 0..<d / 2 {
          let angle = Double(row % l) * pow(10_000, -2 * Double(i) / Double(d))
          let (p, q) =
            style == .half ? (row * d + i, row * d + i + d / 2) : (row * d + 2 * i, row * d + 2 * i + 1)
          (y[p], y[q]) = (
            nodes[a][p] * cos(angle) - nodes[a][q] * sin(angle),
            nodes[a][q] * cos(angle) + nodes[a][p] * sin(angle)
          )
        }
      }
      return y
    case .pool(let a):
      let (l, d) = (shapes[a][1], width(a))
      return (0..<shapes[a][0] * d).map { i in
        (0..<l).reduce(0) { $0 + nodes[a][(i / d * l + $1) * d + i % d] } / Double(l)
      }
    case .modulate(let a, let film, let offset):
      let (l, d, k) = (shapes[a][1], width(a), width(film))
      return nodes[a].indices.map { i in
        let row = i / (l * d) * k
        return nodes[a][i] * (Double(offset) + nodes[film][row + 1 + i % d])
          + nodes[film][row + 1 + d + i % d]
      }
    case .addBroadcast(let a, let b):
      let (l, d) = (shapes[a][1], width(a))
      return nodes[a].indices.map { nodes[a][$0] + nodes[b][$0 / (l * d) * d + $0 % d] }
    case .reshape(let a): return nodes[a]
    }
  }

  private func sideBySide(_ a: Int, _ p: Int, _ b: Int, _ q: Int) -> [Double] {
    var y: [Double] = []
    for i in 0..<nodes[a].count / p {
      y += nodes[a][i * p..<(i + 1) * p]
      y += nodes[b][i * q..<(i + 1) * q]
    }
    return y
  }

  private subscript(_ parameter: Parameter) -> [Double] { parameters[parameter.name]! }

  private func attend(
    _ batch: Int, _ queries: Int, _ keys: Int, _ width: Int, _ heads: Int, _ mask: [Float]?, _ causal: Bool,
    _ q: (Int, Int) -> Double, _ k: (Int, Int) -> Double, _ v: (Int, Int) -> Double
  ) -> [Double] {
    var y = [Double](repeating: 0, count: batch * queries * width)
    let head = width / heads
    for n in 0..<batch {
      for h in 0..<heads {
        for i in 0..<queries {
          let taking = (0..<keys).filter { (mask?[n * keys + $0] ?? 1) != 0 && (!causal || $0 <= i) }
          let scores = taking.map { j in
            (h * head..<(h + 1) * head).reduce(0) { $0 + q(n * queries + i, $1) * k(n * keys + j, $1) }
              / Double(head).squareRoot()
          }
          guard let top = scores.max() else { continue }
          let mass = scores.reduce(0) { $0 + exp($1 - top) }
          for (j, score) in zip(taking, scores) {
            for c in h * head..<(h + 1) * head {
              y[(n * queries + i) * width + c] += exp(score - top) / mass * v(n * keys + j, c)
            }
          }
        }
      }
    }
    return y
  }

  private func apply(_ f: Activation, _ x: Double) -> Double {
    switch f {
    case .none: x
    case .relu: max(x, 0)
    case .silu: x / (1 + exp(-x))
    case .gelu: 0.5 * x * erfc(-x / 2.0.squareRoot())
    case .geluTanh: 0.5 * x * (1 + Foundation.tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .mish: x * Foundation.tanh(log1p(exp(x)))
    case .tanh: Foundation.tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    }
  }
}

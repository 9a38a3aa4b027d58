// Networks of random operations, shapes and connections against a plain forward pass in double precision: what
// no test of one operation finds, such as a gradient that is overwritten while somebody still needs it.

import PlanarNeuralNetworks
import PlanarCore
import Testing

@Suite struct RandomGraphTests {
  @Test(arguments: 0..<300) func valuesAndSlopes(seed: Int) throws {
    var stream = RandomStream(seed: UInt64(seed), purpose: "random graph")
    var layout = ParameterLayout()
    let graph = RandomGraph(&layout, &stream)
    let store = ParameterStore(layout: layout, seed: UInt64(seed))
    for parameter in layout.parameters {
      let inputs = Double(parameter.count / parameter.shape[0])
      store.set(
        parameter, to: (0..<parameter.count).map { _ in Float(stream.normal() / inputs.squareRoot()) })
    }
    let starts = graph.inputs.map { shape in
      (0..<shape.reduce(1, *)).map { _ in Float(stream.normal()) }
    }
    var plain = PlainGraph(
      inputs: starts.map { $0.map(Double.init) },
      parameters: Dictionary(
        uniqueKeysWithValues: layout.parameters.map { ($0.name, store.tensor($0).map(Double.init)) }))
    let expected = plain.loss(graph)

    let tape = Tape(recording: true)
    let gradients = FloatBuffer(count: layout.bufferCount)
    for pass in 0..<2 {
      gradients.fill(with: 0)
      tape.begin(weights: store.values, gradients: gradients)
      let variables = zip(graph.inputs, starts).map { tape.variable(shape($0), $1) }
      let nodes = graph.run(tape, variables, batch: graph.inputs[0][0])
      let loss = graph.loss(tape, nodes)
      #expect(abs(Double(loss) - expected) <= 2e-5 * max(1, abs(expected)), "\(graph)")
      tape.backward()
      if pass == 1 {
        // A second pass over the same records gives the same again.
        gradients.fill(with: 0)
        tape.backward()
      }

      // One random direction through all inputs and parameters.
      var (slope, size) = (0.0, 0.0)
      var moved: [Double] = []
      func add(_ gradient: [Float]) {
        for g in gradient {
          let d = stream.normal()
          moved.append(d)
          slope += Double(g) * d
          size += abs(Double(g) * d)
        }
      }
      for variable in variables { add(tape.gradientArray(variable)) }
      for parameter in layout.parameters { add(layout.numbers(of: parameter, in: gradients)) }
      let step = 1e-6
      func shifted(_ sign: Double) -> Double {
        var i = 0
        func move(_ numbers: [Double]) -> [Double] {
          numbers.map {
            i += 1
            return $0 + sign * step * moved[i - 1]
          }
        }
        let inputs = plain.inputs.map(move)
        var parameters: [String: [Double]] = [:]
        for parameter in layout.parameters {
          parameters[parameter.name] = move(plain.parameters[parameter.name]!)
        }
        var other = PlainGraph(inputs: inputs, parameters: parameters)
        return other.loss(graph)
      }
      let numeric = (shifted(1) - shifted(-1)) / (2 * step)
      #expect(abs(slope - numeric) <= 2e-4 * max(size, 1e-2), "slope \(slope), not \(numeric)\n\(graph)")
    }
  }

  @Test(arguments: 0..<300) func aSamplesBitsDoNotDependOnTheOthers(seed: Int) {
    var stream = RandomStream(seed: UInt64(seed), purpose: "random graph")
    var layout = ParameterLayout()
    let graph = RandomGraph(&layout, &stream)
    let store = ParameterStore(layout: layout, seed: UInt64(seed))
    let starts = graph.inputs.map { shape in
      (0..<shape.reduce(1, *)).map { _ in Float(stream.normal()) }
    }
    func run(_ tape: Tape, batch: Int) -> [[UInt32]] {
      tape.begin(weights: store.values)
      let inputs = zip(graph.inputs, starts).map { extents, numbers in
        let count = extents.dropFirst().reduce(batch, *)
        return tape.input(shape([batch] + extents.dropFirst()), Array(numbers.prefix(count)))
      }
      return graph.run(tape, inputs, batch: batch).map { tape.array($0).map(\.bitPattern) }
    }
    let alone = run(Tape(recording: false), batch: 1)
    let together = run(Tape(recording: true), batch: graph.inputs[0][0])
    for (a, b) in zip(alone, together) { #expect(a == Array(b.prefix(a.count)), "\(graph)") }
  }
}

func shape(_ extents: [Int]) -> Shape {
  switch extents.count {
  case 1: Shape(extents[0])
  case 2: Shape(extents[0], extents[1])
  case 3: Shape(extents[0], extents[1], extents[2])
  default: Shape(extents[0], extents[1], extents[2], extents[3])
  }
}

// W1: observation → action chunk through three hidden layers.

import PlanarNeuralNetworks

extension NeuralWorkload {
  /// Behaviour cloning with a multilayer perceptron, ReLU, mean squared error.
  public static func behaviourCloning(
    sizes: [Int] = [32, 512, 512, 512, 16], batch: Int = 256, rowsPerShard: Int = 128
  ) -> NeuralWorkload {
    var layout = ParameterLayout()
    let network = MLP(&layout, "net", sizes: sizes)
    let (inputs, outputs) = (sizes[0], sizes[sizes.count - 1])
    let observations = normalNumbers(batch * inputs, "observations")
    let targets = normalNumbers(batch * outputs, "targets")
    return NeuralWorkload(
      name: "w1", title: "behaviour cloning MLP", layout: layout, batch: batch,
      rowsPerShard: rowsPerShard, products: network.products, inputProducts: inputs * sizes[1],
      loss: { rows, tape, _ in
        let prediction = tape.mlp(tape.input(rows, of: observations, width: inputs), network)
        return tape.loss(
          .meanSquaredError, prediction, tape.input(rows, of: targets, width: outputs),
          count: targets.count)
      },
      predict: { rows, tape in
        tape.mlp(tape.input(rows, of: observations, width: inputs), network)
      }, isMostlyLinear: true)
  }
}

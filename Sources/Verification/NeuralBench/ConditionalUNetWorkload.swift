// W3: training and sampling of the conditional U-Net, which predicts the noise in an action chunk.

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicies

extension ConditionalUNet {
  /// Multiplications of one sample's forward pass, and those whose input needs no gradient.
  var products: (all: Int, ofInput: Int) {
    func size(_ residual: Residual, _ length: Int) -> Int {
      length
        * (residual.first.convolution.weight.count + residual.second.convolution.weight.count
          + (residual.skip?.weight.count ?? 0))
    }
    let times = (timeExpand?.weight.count ?? 0) + (timeContract?.weight.count ?? 0)
    var all = times + films.weight.count
    var length = sizes.horizon
    for level in down {
      all += size(level.first, length) + size(level.second, length)
      guard let shorten = level.shorten else { continue }
      length /= 2
      all += shorten.weight.count * length
    }
    for residual in middle { all += size(residual, length) }
    for level in up {
      all += size(level.first, length) + size(level.second, length) + level.lengthen.weight.count * length
      length *= 2
    }
    all += length * (finalBlock.convolution.weight.count + finalConvolution.weight.count)
    let first = down[0].first
    let ofInput =
      (timeExpand?.weight.count ?? 0)
      + sizes.horizon * (first.first.convolution.weight.count + (first.skip?.weight.count ?? 0))
    return (all, ofInput)
  }
}

extension NeuralWorkload {
  /// Training on the noise of random timesteps, and sampling by DDIM and DDPM.
  public static func conditionalUNet(
    sizes: ConditionalUNet.Sizes = ConditionalUNet.Sizes(), batch: Int = 256, rowsPerShard: Int = 128
  ) -> NeuralWorkload {
    var layout = ParameterLayout()
    let network = ConditionalUNet(&layout, sizes: sizes)
    let schedule = DiffusionSchedule(.squaredCosine, steps: 100)
    let outputs = sizes.horizon * sizes.actions
    let chunks = normalNumbers(batch * outputs, "chunks")
    let observations = normalNumbers(batch * sizes.condition, "observations")
    @Sendable func films(_ rows: Range<Int>, _ times: Tensor, _ tape: Tape) -> Tensor {
      let observation = tape.input(rows, of: observations, width: sizes.condition)
      let condition = network.condition(times: times, observation: observation, on: tape)
      return network.films(condition: condition, on: tape)
    }
    @Sendable func chunk(_ rows: Int) -> Shape { Shape(rows, sizes.horizon, sizes.actions) }
    return NeuralWorkload(
      name: "w3", title: "conditional U-Net", layout: layout, batch: batch, rowsPerShard: rowsPerShard,
      products: network.products.all, inputProducts: network.products.ofInput,
      loss: { rows, tape, stream in
        let times = tape.input(Shape(rows.count)) { times in
          for i in 0..<rows.count { times[i] = Float(stream.integer(below: schedule.steps)) }
        }
        let noise = tape.input(chunk(rows.count)) { noise in
          for i in 0..<noise.count { noise[i] = Float(stream.normal()) }
        }
        let noisy = tape.input(chunk(rows.count)) { noisy in
          tape.withValues(of: times) { times in
            tape.withValues(of: noise) { noise in
              for (r, row) in rows.enumerated() {
                let scales = schedule.scales(at: Int(times[r]))
                for i in 0..<outputs {
                  noisy[r * outputs + i] =
                    scales.signal * chunks[row * outputs + i] + scales.noise * noise[r * outputs + i]
                }
              }
            }
          }
        }
        let prediction = network.predict(noisy, films: films(rows, times, tape), on: tape)
        return tape.loss(.meanSquaredError, prediction, noise, count: batch * outputs)
      },
      predict: { rows, tape in
        let times = tape.input(Shape(rows.count)) { $0.update(repeating: 50) }
        let sample = tape.reshape(tape.input(rows, of: chunks, width: outputs), chunk(rows.count))
        let films = films(rows, times, tape)
        return tape.reshape(network.predict(sample, films: films, on: tape), Shape(rows.count, outputs))
      },
      samplers: [("ddim10", 10, false), ("ddpm100", 100, true)].map { name, steps, isAncestral in
        Sampler(name: name, steps: steps) { weights in
          let chain = DenoisingChain(
            network, schedule: schedule, steps: steps, isAncestral: isAncestral, weights: weights)
          let observation = Array(observations[0..<sizes.condition])
          return { chain.sample(observation: observation) }
        }
      })
  }
}

// Sampling with the U-Net: what depends on time and observation alone is computed for all steps at once.

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicies

/// Turns noise into one action chunk, step by step.
public final class DenoisingChain {
  /// The last chunk, `[horizon, actions]`.
  public let chunk: FloatBuffer
  private let network: ConditionalUNet
  private let schedule: DiffusionSchedule
  /// From the noisiest.
  private let timesteps: [Int]
  private let isAncestral: Bool
  private let weights: FloatBuffer
  private let noise: FloatBuffer
  private let tape = Tape(recording: false)
  private var stream: RandomStream

  /// - Parameter isAncestral: DDPM's steps, one for each of the schedule's; else DDIM's.
  public init(
    _ network: ConditionalUNet, schedule: DiffusionSchedule, steps: Int, isAncestral: Bool,
    weights: FloatBuffer, seed: UInt64 = 1
  ) {
    precondition(!isAncestral || steps == schedule.steps, "an ancestral chain leaves no step out")
    self.network = network
    self.schedule = schedule
    timesteps = schedule.timesteps(count: steps)
    self.isAncestral = isAncestral
    self.weights = weights
    chunk = FloatBuffer(count: network.sizes.horizon * network.sizes.actions)
    noise = FloatBuffer(count: chunk.count)
    stream = RandomStream(seed: seed, purpose: "denoising chain")
  }

  /// Samples a chunk for one observation.
  public func sample(observation: [Float]) {
    let sizes = network.sizes
    let steps = timesteps.count
    tape.begin(weights: weights)
    let times = tape.input(Shape(steps)) { times in
      for i in 0..<steps { times[i] = Float(timesteps[i]) }
    }
    let observations = tape.input(Shape(steps, sizes.condition)) { rows in
      for i in 0..<rows.count { rows[i] = observation[i % sizes.condition] }
    }
    let condition = network.condition(times: times, observation: observations, on: tape)
    let films = network.films(condition: condition, on: tape)
    let filmRows = tape.reshape(films, Shape(1, steps, films.shape.columns))
    let mark = tape.mark
    draw(into: chunk)
    for step in 0..<steps {
      let input = tape.input(Shape(1, sizes.horizon, sizes.actions)) { target in
        for i in 0..<target.count { target[i] = chunk[i] }
      }
      let film = tape.reshape(
        tape.tokens(filmRows, step..<step + 1), Shape(1, films.shape.columns))
      let output = network.predict(input, films: film, on: tape)
      tape.withValues(of: output) { output in
        denoise(step, UnsafeBufferPointer(output))
      }
      tape.release(to: mark)
    }
  }

  private func denoise(_ step: Int, _ output: UnsafeBufferPointer<Float>) {
    let t = timesteps[step]
    chunk.withNumbers { sample in
      if isAncestral {
        if t > 0 { draw(into: noise) }
        noise.withNumbers {
          schedule.ddpmStep(
            from: t, predicting: .epsilon, output: output, noise: UnsafeBufferPointer($0),
            sample: sample)
        }
      } else {
        let previous = step + 1 < timesteps.count ? timesteps[step + 1] : -1
        schedule.ddimStep(
          from: t, to: previous, predicting: .epsilon, output: output, sample: sample)
      }
    }
  }

  private func draw(into buffer: FloatBuffer) {
    buffer.withNumbers { numbers in
      for i in 0..<numbers.count { numbers[i] = Float(stream.normal()) }
    }
  }
}

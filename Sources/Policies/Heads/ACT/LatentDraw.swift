// A draw from a normal posterior that its mean and variance learn through (Kingma & Welling 2014), and how far
// that posterior is from a standard normal.

import Foundation
import PlanarNeuralNetworks

/// Means m and log-variances l, `[rows, 2·latent]`, and standard normal noise ε, `[rows, latent]` →
/// `[rows, 2·latent]`: m + ε·exp(l/2), then the divergence ½(m² + eˡ − 1 − l) of each number.
final class LatentDraw: CustomOperation, Sendable {
  func forward(_ context: CustomContext) {
    let (statistics, noise, output) = (context.input(0), context.input(1), context.output)
    forEachPair(context) { mean, logVariance, i in
      let (m, l) = (statistics[mean], statistics[logVariance])
      output[mean] = m + noise[i] * exp(0.5 * l)
      output[logVariance] = 0.5 * (m * m + (expm1(l) - l))
    }
  }

  func backward(_ context: CustomContext) {
    guard let target = context.inputGradient(0) else { return }
    let (statistics, noise, gradient) = (
      context.input(0), context.input(1), context.outputGradient
    )
    forEachPair(context) { mean, logVariance, i in
      let (m, l) = (statistics[mean], statistics[logVariance])
      target[mean] += gradient[mean] + gradient[logVariance] * m
      target[logVariance] +=
        gradient[mean] * noise[i] * 0.5 * exp(0.5 * l) + gradient[logVariance] * 0.5 * expm1(l)
    }
  }

  /// Calls `body` with the places of a mean, of its log-variance and of its noise.
  private func forEachPair(_ context: CustomContext, _ body: (Int, Int, Int) -> Void) {
    let latents = context.shape(1).columns
    for i in 0..<context.shape(1).count {
      let mean = i / latents * 2 * latents + i % latents
      body(mean, mean + latents, i)
    }
  }
}

// Diffusion time as a vector.

import Foundation

extension Tape {
  /// [sin(t·f), cos(t·f)] with f_i = 10000^(−i / (width/2 − 1)), `[B]` → `[B, width]` (Vaswani et al.
  /// 2017, in the form of Ho et al. 2020). Times in [0, 1] should be multiplied by about a hundred first.
  public func sinusoidalEmbedding(of times: Tensor, width: Int) -> Tensor {
    require(width >= 4 && width % 2 == 0, "sinusoidalEmbedding: \(width) is odd or below four")
    let half = width / 2
    return input(Shape(times.count, width)) { target in
      let t = pointer(times)
      for i in 0..<half {
        let frequency = exp(Float(i) * -(log(Float(10000)) / Float(half - 1)))
        for r in 0..<times.count {
          target[r * width + i] = sin(t[r] * frequency)
          target[r * width + half + i] = cos(t[r] * frequency)
        }
      }
    }
  }
}

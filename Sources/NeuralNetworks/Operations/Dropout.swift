// Dropout (Srivastava et al. 2014).

import PlanarCore

struct DropoutOperation {
  let input: Tensor
  /// 0 where a number was dropped, else 1 / (1 − rate).
  let mask: Tensor
  let output: Tensor
}

extension Tape {
  /// Sets each number to 0 with probability `rate` and divides the others by 1 − rate; same shape.
  ///
  /// A tape that does not record gives the input back, and so does a rate of 0; no random numbers are drawn.
  public func dropout(_ input: Tensor, rate: Float, _ stream: inout RandomStream) -> Tensor {
    require(rate >= 0 && rate < 1, "dropout: a rate of \(rate) is outside 0 ..< 1")
    guard isRecording, rate > 0 else { return input }
    let mask = make(input.shape, needsGradient: false)
    let output = make(input.shape, needsGradient: input.needsGradient)
    let factors = pointer(mask)
    let kept = 1 / (1 - rate)
    let bound = UInt32(Double(rate) * 0x1p32)
    var i = 0
    while i < mask.count {
      // Two draws of 32 bits from each word.
      let word = stream.next()
      factors[i] = UInt32(truncatingIfNeeded: word) < bound ? 0 : kept
      if i + 1 < mask.count { factors[i + 1] = UInt32(word >> 32) < bound ? 0 : kept }
      i += 2
    }
    Kernels.addProduct(
      pointer(input), factors, to: pointer(output), count: input.count, assigning: true)
    record(.dropout(DropoutOperation(input: input, mask: mask, output: output)))
    return output
  }

  func dropoutBackward(_ operation: DropoutOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    Kernels.addProduct(
      gradient, pointer(operation.mask), to: gradient, count: operation.output.count, assigning: true)
    passOn(operation.output, to: operation.input)
  }
}

// How far an array is from its reference, and how far it may be.

/// A limit of the reference data's page.
enum TensorLimit: Equatable {
  /// The largest difference over the largest number of the reference.
  case relative(Double)
  case absolute(Double)
  /// For each number: absolute + relative·|reference|.
  case elementwise(absolute: Double, relative: Double)

  /// Largest absolute and relative difference, and the check of the limit. Something that is not a number, or
  /// another count, is infinitely far off.
  func check<Scalar: BinaryFloatingPoint>(
    _ quantity: String, _ numbers: [Scalar], _ reference: [Scalar]
  ) -> VerificationCheck {
    var (difference, scale, excess) = (0.0, 0.0, 0.0)
    var isComparable = numbers.count == reference.count
    for (number, expected) in zip(numbers, reference) {
      let error = abs(Double(number) - Double(expected))
      isComparable = isComparable && error.isFinite
      difference = max(difference, error)
      scale = max(scale, abs(Double(expected)))
      if case .elementwise(let absolute, let relative) = self {
        excess = max(excess, error / (absolute + relative * abs(Double(expected))))
      }
    }
    if !isComparable { (difference, excess) = (.infinity, .infinity) }
    let ratio = difference == 0 ? 0 : difference / scale
    let (error, tolerance) =
      switch self {
      case .relative(let limit): (ratio, limit)
      case .absolute(let limit): (difference, limit)
      case .elementwise: (excess, 1.0)
      }
    return VerificationCheck(
      quantity, error: error, tolerance: tolerance, absolute: difference, relative: ratio)
  }
}

/// The check of two single numbers.
func check(_ quantity: String, _ number: Double, _ reference: Double, _ limit: TensorLimit) -> VerificationCheck {
  limit.check(quantity, [number], [reference])
}

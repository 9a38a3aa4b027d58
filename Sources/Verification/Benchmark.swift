// How a figure is measured, and what it is called.

import CPlanarAllocations

/// One measured figure.
public struct BenchmarkResult: Codable, Sendable {
  /// What was measured.
  public var name: String
  /// The figure, in `unit`.
  public var value: Double
  /// The figure's unit, such as `steps/s`.
  public var unit: String
  /// How many threads were at work.
  public var threads: Int

  /// A figure that was measured.
  public init(name: String, value: Double, unit: String, threads: Int) {
    (self.name, self.value, self.unit, self.threads) = (name, value, unit, threads)
  }
}

/// How often `body` runs per second, over at least `seconds`.
func perSecond(for seconds: Double, _ body: () -> Void) -> Double {
  for _ in 0..<10 { body() }
  let start = ContinuousClock.now
  var count = 0
  while true {
    for _ in 0..<10 { body() }
    count += 10
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    if elapsed >= seconds { return Double(count) / elapsed }
  }
}

/// Bytes that `body` asks for on this thread.
func allocatedBytes(_ body: () -> Void) -> Int {
  let before = thread_allocations().bytes
  body()
  return Int(thread_allocations().bytes - before)
}

/// Bytes that `body` asks for on all threads of the process, and whatever else runs meanwhile.
func allocatedBytesOfProcess(_ body: () -> Void) -> Int {
  let before = process_allocations().bytes
  body()
  return Int(process_allocations().bytes - before)
}

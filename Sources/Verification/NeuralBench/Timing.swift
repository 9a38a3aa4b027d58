// How long a call takes: the median tells of a typical one, the best of one that nothing disturbed.

/// Times of repeated calls, in seconds.
struct Timing {
  var median: Double
  var best: Double

  /// Calls `body` for at least `seconds`, at least `least` times, after a few calls to warm up.
  init(seconds: Double, least: Int = 5, _ body: () -> Void) {
    for _ in 0..<3 { body() }
    var times: [Double] = []
    times.reserveCapacity(1 << 16)
    let clock = ContinuousClock()
    let start = clock.now
    var last = start
    while times.count < least || (last - start) / .seconds(1) < seconds {
      body()
      let now = clock.now
      times.append((now - last) / .seconds(1))
      last = now
    }
    times.sort()
    median = times[times.count / 2]
    best = times[0]
  }
}

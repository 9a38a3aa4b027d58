// The camera's figures are there, and drawing allocates nothing.

import Testing
import PlanarVerification

@Suite struct CameraBenchmarkTests {
  @Test func picturesAreDrawnWithoutAllocating() {
    let results = benchmarkCamera(seconds: 0.001, threads: [1, 2])
    #expect(Set(results.map(\.name)).count == 24 && results.count == 36)
    #expect(results.filter { $0.unit == "frames/s" }.allSatisfy { $0.value > 0 })
    let allocated = results.filter { $0.unit == "bytes" }
    #expect(allocated.count == 12 && allocated.allSatisfy { $0.value == 0 })
  }
}

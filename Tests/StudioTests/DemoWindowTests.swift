// The demo's window loop, for a moment, on a real or virtual display.

import PlanarCore
import Studio
import Testing
import WindowTesting

@Suite(.enabled(if: VirtualDisplay.isPossible, "needs a display or Xvfb"))
struct DemoWindowTests {
  @Test func runsInRealTimeUntilStopped() throws {
    try VirtualDisplay.use {
      let stop = StopFlag()
      var lines: [String] = []
      try DemoWindow().run(try makeSession(), stop: stop) { line in
        lines.append(line)
        if lines.count == 2 { stop.raise() }
      }
      #expect(lines.count == 2 && lines[1].hasPrefix("episode 1  step   8"))
    }
  }
}

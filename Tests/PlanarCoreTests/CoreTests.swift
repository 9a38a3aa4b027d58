// Trigonometry, polygons, random streams, parallel loops and name hints.

import Foundation
import PlanarCore
import Testing

@Test func sineAndCosineAgreeWithLibmToTwoULP() {
  var random = RandomStream(seed: 1)
  for i in 0..<20_000 {
    let x = random.uniform(in: i % 2 == 0 ? -10...10 : -1e4...1e4)
    let (s, c) = sineAndCosine(x)
    #expect(abs(s - sin(x)) <= 2 * max(sin(x).ulp, 1e-17) && abs(c - cos(x)) <= 2 * max(cos(x).ulp, 1e-17), "x = \(x)")
  }
}

@Test func polygonsKnowAreaCentroidAndInertia() {
  let box = ConvexPolygon([Vec2(1, 1), Vec2(3, 1), Vec2(3, 2), Vec2(1, 2)])
  #expect(abs(box.area - 2) < 1e-12)
  #expect(abs(box.squaredRadiusOfGyration - (4 + 1) / 12.0) < 1e-12)  // (w² + h²)/12
  #expect(box.vertices.contains { abs($0.x - 1) < 1e-12 && abs($0.y - 0.5) < 1e-12 })
  let triangle = ConvexPolygon.triangle(circumradius: 1)
  #expect(abs(triangle.squaredRadiusOfGyration - 0.25) < 1e-12)  // side²/12, side² = 3
  #expect(triangle.contains(.zero) && !triangle.contains(Vec2(-0.6, 0)))
}

@Test func streamsRepeatAndDifferByPurpose() {
  var a = RandomStream(seed: 7, purpose: "layout")
  var b = RandomStream(seed: 7, purpose: "layout")
  var c = RandomStream(seed: 7, purpose: "noise")
  let first = (0..<8).map { _ in a.next() }
  #expect(first == (0..<8).map { _ in b.next() })
  #expect(first != (0..<8).map { _ in c.next() })
}

@Test func randomNumbersHaveTheirMoments() {
  var random = RandomStream(seed: 3)
  var normal = RunningStatistics()
  var uniform = RunningStatistics()
  for _ in 0..<100_000 {
    normal.add(random.normal())
    uniform.add(random.uniform())
  }
  #expect(abs(normal.mean) < 0.015 && abs(normal.standardDeviation - 1) < 0.01)
  #expect(abs(uniform.mean - 0.5) < 0.005 && abs(uniform.variance - 1 / 12.0) < 0.002)
  #expect(random.permutation(50).sorted() == Array(0..<50))
}

@Test func parallelMapKeepsOrderAndPassesErrorsOn() throws {
  let squares = try parallelMap(count: 1_000, threads: 4) { $0 * $0 }
  #expect(squares == (0..<1_000).map { $0 * $0 })
  #expect(throws: UserError.self) {
    try parallelMap(count: 10, threads: 2) { i in
      if i == 7 { throw UserError("seven") }
    }
  }
}

@Test func nearestNameFindsSlipsOfTheHandOnly() {
  #expect(nearestName(to: "gren", among: ["red", "green"]) == "green")
  #expect(nearestName(to: "flwo", among: ["flow", "diffusion"]) == "flow")
  #expect(editDistance("abcd", "badc") == 2 && editDistance("", "abc") == 3)
  #expect(nearestName(to: "purple", among: ["red", "green"]) == nil)
}

@Test func anErrorIsOneLineThatAPersonReads() {
  #expect(UserError("a\nb\u{1b}[31mc\u{202e}d").message == "a␊b␛[31mc\u{fffd}d")
  for filling in ["x", "e\u{301}\u{302}", "\n", "빨간 "] {
    let message = UserError("file.yaml:1: " + String(repeating: filling, count: 10_000) + "; mend it").message
    #expect(message.unicodeScalars.count <= UserError.longest && !message.contains("\n"))
    #expect(message.hasPrefix("file.yaml:1: ") && message.hasSuffix("; mend it"))
  }
}

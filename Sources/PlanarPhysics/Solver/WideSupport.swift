// Support friction of four bodies at once, for large islands.

import PlanarCore

/// `SupportImpulse` of four bodies side by side. Lanes that are not used have the slot that never moves.
struct WideSupport {
  var slots: SIMD4<Int32>
  /// 1/m and c²/I, kg⁻¹; the most impulse, N·s; c and its inverse, m.
  var inverseMass = Lanes(repeating: 1)
  var inverseInertia = Lanes(repeating: 1)
  var most = Lanes(repeating: 1)
  var radius = Lanes(repeating: 1)
  var inverseRadius = Lanes(repeating: 1)
  /// Linear impulses, torque impulse over c, N·s, and the norm that solved the law, m/s.
  var impulseX = Lanes.zero
  var impulseY = Lanes.zero
  var impulseSpin = Lanes.zero
  var norm = Lanes.zero

  init(unused slot: Int) { slots = SIMD4(repeating: Int32(truncatingIfNeeded: slot)) }

  /// `SupportImpulse.solve` in four lanes.
  ///
  /// - Returns: the square of the greatest change of speed in each lane, m²/s².
  @inline(__always)
  mutating func solve(_ motions: UnsafeMutablePointer<SIMD4<Double>>) -> Lanes {
    var motion = WideMotion(motions, slots)
    let wt = inverseMass
    let wr = inverseInertia
    let freeX = motion.x - impulseX * wt
    let freeY = motion.y - impulseY * wt
    let freeSpin = radius * motion.spin - impulseSpin * wr
    let a2 = freeX * freeX + freeY * freeY
    let b2 = freeSpin * freeSpin
    let ft = most * wt
    let fr = most * wr
    let ft2 = ft * ft
    let fr2 = fr * fr
    let sticks = a2 * fr2 + b2 * ft2 .<= ft2 * fr2
    var pt = Lanes.zero
    var pr = Lanes.zero
    var n = norm
    if any(.!sticks) {
      let widest = ft.replacing(with: fr, where: fr .> ft)
      let guess = (a2 + b2).squareRoot() - widest
      n = n.replacing(with: guess.replacing(with: 0, where: guess .< 0), where: n .<= 0)
      for _ in 0..<20 {
        let inverse = 1 / ((n + ft) * (n + fr))
        pt = (n + fr) * inverse
        pr = (n + ft) * inverse
        let at = a2 * pt * pt
        let ar = b2 * pr * pr
        let excess = at + ar - 1
        let isFound = sticks .| (excess * excess .< 1e-12)
        if all(isFound) { break }
        let grown: Lanes = excess + 1
        let root: Lanes = grown.squareRoot() - 1
        let slope: Lanes = at * pt + ar * pr
        let next: Lanes = n + root * grown / slope
        n = next.replacing(with: 0, where: next .< 0).replacing(with: n, where: isFound)
      }
    }
    let jt = -most * pt
    let jr = -most * pr
    let x = (freeX * jt).replacing(with: -freeX / wt, where: sticks)
    let y = (freeY * jt).replacing(with: -freeY / wt, where: sticks)
    let spin = (freeSpin * jr).replacing(with: -freeSpin / wr, where: sticks)
    motion.x = (freeX + x * wt).replacing(with: 0, where: sticks)
    motion.y = (freeY + y * wt).replacing(with: 0, where: sticks)
    motion.spin = ((freeSpin + spin * wr) * inverseRadius).replacing(with: 0, where: sticks)
    motion.store(motions, slots)
    let dx = (x - impulseX) * wt
    let dy = (y - impulseY) * wt
    let ds = (spin - impulseSpin) * wr
    (impulseX, impulseY, impulseSpin) = (x, y, spin)
    norm = n.replacing(with: 0, where: sticks)
    return dx * dx + dy * dy + ds * ds
  }
}

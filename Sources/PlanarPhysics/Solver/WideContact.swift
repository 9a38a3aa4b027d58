// Four manifolds side by side, as large islands are solved.

import PlanarCore

/// Four lanes of numbers.
typealias Lanes = SIMD4<Double>

/// One point of each of four manifolds.
struct WidePoint {
  /// Rows over the spins: speed along normal and tangent per rad/s, m.
  var normalA = Lanes.zero
  var tangentA = Lanes.zero
  var normalB = Lanes.zero
  var tangentB = Lanes.zero
  /// As in `Contact`, kg⁻¹ and kg².
  var normalResponse = Lanes.zero
  var tangentResponse = Lanes.zero
  var crossResponse = Lanes.zero
  var inverseDeterminant = Lanes.zero
  /// Of the normal response while it slides forward and backward, kg.
  var inverseForward = Lanes.zero
  var inverseBackward = Lanes.zero
  var targetSpeed = Lanes.zero
  var normalImpulse = Lanes.zero
  var tangentImpulse = Lanes.zero
}

/// Four manifolds no two of which have a body in common, except for what never moves.
///
/// Lanes that are not used have slots that never move, and no response.
struct WideContact {
  /// Slots of A and B.
  var a: SIMD4<Int32>
  var b: SIMD4<Int32>
  /// Indices of the contacts, or −1.
  var firstContact = SIMD4<Int32>(repeating: -1)
  var secondContact = SIMD4<Int32>(repeating: -1)
  var normalX = Lanes.zero
  var normalY = Lanes.zero
  var friction = Lanes.zero
  var inverseMassA = Lanes.zero
  var inverseInertiaA = Lanes.zero
  var inverseMassB = Lanes.zero
  var inverseInertiaB = Lanes.zero
  var first = WidePoint()
  var second = WidePoint()

  init(unused slot: Int) {
    a = SIMD4(repeating: Int32(truncatingIfNeeded: slot))
    b = a
  }
}

/// Motions of four slots.
struct WideMotion {
  var x: Lanes
  var y: Lanes
  var spin: Lanes

  @inline(__always)
  init(_ motions: UnsafeMutablePointer<SIMD4<Double>>, _ slots: SIMD4<Int32>) {
    let p = motions[Int(slots.x)]
    let q = motions[Int(slots.y)]
    let r = motions[Int(slots.z)]
    let s = motions[Int(slots.w)]
    // A transposition of 4 × 4.
    let pq = SIMD8(lowHalf: p, highHalf: q)
    let rs = SIMD8(lowHalf: r, highHalf: s)
    let even = SIMD8(lowHalf: pq.evenHalf, highHalf: rs.evenHalf)
    let odd = SIMD8(lowHalf: pq.oddHalf, highHalf: rs.oddHalf)
    x = even.evenHalf
    y = odd.evenHalf
    spin = even.oddHalf
  }

  @inline(__always)
  func store(_ motions: UnsafeMutablePointer<SIMD4<Double>>, _ slots: SIMD4<Int32>) {
    motions[Int(slots.x)] = SIMD4(x.x, y.x, spin.x, 0)
    motions[Int(slots.y)] = SIMD4(x.y, y.y, spin.y, 0)
    motions[Int(slots.z)] = SIMD4(x.z, y.z, spin.z, 0)
    motions[Int(slots.w)] = SIMD4(x.w, y.w, spin.w, 0)
  }
}

extension WidePoint {
  /// `Contact.solve` in four lanes: impulses that make the normal speed right and stop the slip, or slide on the edge of
  /// the friction cone, or none.
  ///
  /// - Returns: the greatest change of speed in each lane, m/s.
  @inline(__always)
  mutating func solve(
    _ contact: UnsafeMutablePointer<WideContact>, _ motionA: inout WideMotion, _ motionB: inout WideMotion
  ) -> Lanes {
    let nx = contact.pointee.normalX
    let ny = contact.pointee.normalY
    let friction = contact.pointee.friction
    let dx = motionB.x - motionA.x
    let dy = motionB.y - motionA.y
    let missing = targetSpeed - (nx * dx + ny * dy + normalB * motionB.spin - normalA * motionA.spin)
    let slip = nx * dy - ny * dx + tangentB * motionB.spin - tangentA * motionA.spin
    let oldNormal = normalImpulse
    let oldTangent = tangentImpulse
    let normalStick = oldNormal + (tangentResponse * missing + crossResponse * slip) * inverseDeterminant
    let tangentStick = oldTangent - (normalResponse * slip + crossResponse * missing) * inverseDeterminant
    let canStick = inverseDeterminant .> 0
    let size = tangentStick.replacing(with: -tangentStick, where: tangentStick .< 0)
    let sticks = canStick .& (normalStick .>= 0) .& (size .<= friction * normalStick)
    let isForward = (canStick .& (tangentStick .> 0)) .| (.!canStick .& (slip .< 0))
    let pull = (-friction).replacing(with: friction, where: isForward)
    let inverse = inverseBackward.replacing(with: inverseForward, where: isForward)
    let slide = oldNormal + (missing + crossResponse * (oldTangent - pull * oldNormal)) * inverse
    let normalSlide = slide.replacing(with: 0, where: slide .< 0)
    var normal = normalSlide.replacing(with: normalStick, where: sticks)
    var tangent = (pull * normalSlide).replacing(with: tangentStick, where: sticks)
    let isIdle = (oldNormal .== 0) .& (missing .<= 0)
    normal = normal.replacing(with: oldNormal, where: isIdle)
    tangent = tangent.replacing(with: oldTangent, where: isIdle)
    normalImpulse = normal
    tangentImpulse = tangent
    let dn = normal - oldNormal
    let dt = tangent - oldTangent
    let px = nx * dn - ny * dt
    let py = ny * dn + nx * dt
    motionA.x -= contact.pointee.inverseMassA * px
    motionA.y -= contact.pointee.inverseMassA * py
    motionA.spin -= contact.pointee.inverseInertiaA * (normalA * dn + tangentA * dt)
    motionB.x += contact.pointee.inverseMassB * px
    motionB.y += contact.pointee.inverseMassB * py
    motionB.spin += contact.pointee.inverseInertiaB * (normalB * dn + tangentB * dt)
    let alongNormal = dn * normalResponse
    let alongTangent = dt * tangentResponse
    let square = alongNormal * alongNormal
    let other = alongTangent * alongTangent
    return square.replacing(with: other, where: other .> square)
  }
}

// Which pushes bring the T to where it belongs: sequences of up to three, solved for their lengths.

import PlanarCore

/// Up to three pushes, each at one contact point by a distance.
struct PushTPushPlan: Sendable {
  /// Numbers of contact points, in order.
  var contacts = InlineArray<3, Int>(repeating: 0)
  /// px
  var distances = InlineArray<3, Double>(repeating: 0)
  var count = 0
  /// px of the pusher's way, with what each push and the remaining error count.
  var cost = Double.infinity
}

/// The search for the cheapest plan in a state. Deterministic: the plan is a function of the state.
struct PushTPushSearch {
  /// What a push costs besides its way, px: letting go, lining up, approaching.
  static let costOfPush = 60.0
  /// How much dearer it is to push by a px than to go one.
  static let costOfPushing = 1.5
  /// The remaining error, px, that costs nothing, and what each px more costs.
  static let tolerance = 1.0
  static let costOfError = 100.0
  /// px that a turn by a radian counts as.
  static let turnLength = 55.0
  /// px
  private static let shortPush = 20.0
  private static let mostIterations = 8
  /// px between pusher and T where a push begins.
  static let approachGap = 10.0

  private static let contacts = PushTContactPoint.all
  /// The way between two contact points, px, `[from · count + to]`.
  private static let ways: [Double] = {
    let around = PushTWayAround(around: nil)
    return contacts.flatMap { from in
      contacts.map { to in
        around.path(from: from.pusher(gap: approachGap), to: to.pusher(gap: approachGap)).length
          + 2 * approachGap
      }
    }
  }()

  /// Where the goal is, as the T sees it.
  let wanted: PushTDisplacement
  /// The T now; its origin.
  let block: Pose
  /// The pusher's way to each contact point, px.
  let approaches: [Double]
  private(set) var best = PushTPushPlan()
  /// Whether plans are refused whose first push only serves to get by where the window's edge is in the way.
  private var knowsEdges = true

  init(wanted: PushTDisplacement, block: Pose, approaches: [Double]) {
    self.wanted = wanted
    self.block = block
    self.approaches = approaches
  }

  /// Tries only the rest of a plan: its pushes, and those after the first.
  mutating func run(following last: PushTPushPlan) {
    let n = Self.contacts.count
    for skipped in 0..<min(2, last.count) {
      var plan = PushTPushPlan()
      var ways = 0.0
      for m in skipped..<last.count {
        let contact = last.contacts[m]
        plan.contacts[m - skipped] = contact
        ways += m == skipped ? approaches[contact] : Self.ways[last.contacts[m - 1] * n + contact]
        ways += Self.costOfPush
      }
      let rest = last.count - skipped
      let turns = [wanted.turn, wanted.turn - (wanted.turn > 0 ? 2 : -2) * Double.pi]
      for turn in turns { consider(&plan, count: rest, ways: ways, turn: turn) }
    }
  }

  /// Tries all sequences; first those that do not need to get by the T where there is no room.
  mutating func run() {
    knowsEdges = true
    tryAll()
    guard best.cost == .infinity else { return }
    knowsEdges = false
    tryAll()
  }

  private mutating func tryAll() {
    let n = Self.contacts.count
    var plan = PushTPushPlan()
    best = plan
    if error(.none) < 0.5 { best.cost = 0 }
    let windings =
      abs(wanted.turn) < 2 ? [wanted.turn] : [wanted.turn, wanted.turn - (wanted.turn > 0 ? 2 : -2) * Double.pi]
    for turn in windings {
      for i in 0..<n {
        plan.contacts[0] = i
        let first = approaches[i] + Self.costOfPush
        guard first < best.cost else { continue }
        consider(&plan, count: 1, ways: first, turn: turn)
        for j in 0..<n where j != i {
          plan.contacts[1] = j
          let second = first + Self.ways[i * n + j] + Self.costOfPush
          guard second < best.cost else { continue }
          consider(&plan, count: 2, ways: second, turn: turn)
          for k in 0..<n where k != j && k != i {
            plan.contacts[2] = k
            let third = second + Self.ways[j * n + k] + Self.costOfPush
            guard third < best.cost else { continue }
            consider(&plan, count: 3, ways: third, turn: turn)
          }
        }
      }
    }
  }

  private func error(_ reached: PushTDisplacement) -> Double {
    let turn = (wanted.turn - reached.turn).remainder(dividingBy: 2 * Double.pi) * Self.turnLength
    return ((wanted.way - reached.way).lengthSquared + turn * turn).squareRoot()
  }

  /// Finds the distances of a sequence by damped Gauss–Newton steps, and keeps it where it is the cheapest.
  private mutating func consider(_ plan: inout PushTPushPlan, count: Int, ways: Double, turn: Double) {
    var d = SIMD4<Double>(repeating: 0)
    var missing = 0.0
    var isLast = false
    for iteration in 0..<Self.mostIterations {
      // Forward, with the frames before each push.
      var rotation = Rotation.identity
      var offset = Vec2.zero
      var turned = 0.0
      var frames = (Rotation.identity, Rotation.identity, Rotation.identity)
      var places = (Vec2.zero, Vec2.zero, Vec2.zero)
      if iteration > 0 {
        for m in 0..<count {
          if m == 1 { (frames.1, places.1) = (rotation, offset) }
          if m == 2 { (frames.2, places.2) = (rotation, offset) }
          let step = PushTDisplacement(pushing: Self.contacts[plan.contacts[m]], by: d[m])
          offset += rotation.apply(step.way)
          turned += step.turn
          rotation = Rotation(angle: turned)
        }
      }
      let e = SIMD4(
        wanted.way.x - offset.x, wanted.way.y - offset.y, (turn - turned) * Self.turnLength, 0)
      missing = (e * e).sum().squareRoot()
      if isLast || missing < 0.02 { break }
      func column(_ m: Int, _ frame: Rotation, _ origin: Vec2) -> SIMD4<Double> {
        let contact = Self.contacts[plan.contacts[m]]
        let v = frame.apply(contact.velocity) + (offset - origin).perpendicular * contact.spin
        return SIMD4(v.x, v.y, contact.spin * Self.turnLength, 0)
      }
      let a = column(0, frames.0, places.0)
      let b = count > 1 ? column(1, frames.1, places.1) : .zero
      let c = count > 2 ? column(2, frames.2, places.2) : .zero
      let step = Self.leastSquares(a, b, c, e)
      d += step
      isLast = (step * step).sum() < 1e-3
      guard iteration == 2 || iteration == 4 else { continue }
      // Hopeless ones: still far from what could be the cheapest.
      if d.min() < -40 { return }
      let error = iteration == 2 ? 0.3 * missing : 0.6 * missing
      let least = ways + Self.costOfError * max(0, error - 10)
      if least > best.cost { return }
    }
    guard d.min() > -0.3 && d.max() < 500 else { return }
    // A push that does nothing is none, unless it is being finished.
    guard d.x > 2 || approaches[plan.contacts[0]] < 5 else { return }
    // Nor is one that is only made to get by: ways between contacts know nothing of the window's edges.
    if knowsEdges, count > 1, d.x < Self.shortPush {
      let (here, there) = (plan.contacts[0], plan.contacts[1])
      let way = approaches[here] + Self.ways[here * Self.contacts.count + there]
      guard approaches[there] < way + Self.costOfPush else { return }
    }
    var cost = ways + Self.costOfPushing * (d.x + d.y + d.z)
    cost += Self.costOfError * max(0, missing - Self.tolerance)
    guard cost < best.cost else { return }
    for m in 0..<count { plan.distances[m] = max(0, d[m]) }
    plan.count = count
    cost += costOfPlaces(plan)
    guard cost < best.cost else { return }
    plan.cost = cost
    best = plan
  }

  /// Solves [a b c]·x ≈ e, slightly damped; absent columns are zero and get zero.
  @inline(__always)
  private static func leastSquares(
    _ a: SIMD4<Double>, _ b: SIMD4<Double>, _ c: SIMD4<Double>, _ e: SIMD4<Double>
  ) -> SIMD4<Double> {
    let damping = 1e-4
    let aa = (a * a).sum() + damping
    let bb = (b * b).sum() + damping
    let cc = (c * c).sum() + damping
    let ab = (a * b).sum()
    let ac = (a * c).sum()
    let bc = (b * c).sum()
    let ae = (a * e).sum()
    let be = (b * e).sum()
    let ce = (c * e).sum()
    let m0 = bb * cc - bc * bc
    let m1 = ac * bc - ab * cc
    let m2 = ab * bc - ac * bb
    let determinant = aa * m0 + ab * m1 + ac * m2
    let inverse = 1 / determinant
    return SIMD4(
      (m0 * ae + m1 * be + m2 * ce) * inverse,
      (m1 * ae + (aa * cc - ac * ac) * be + (ab * ac - aa * bc) * ce) * inverse,
      (m2 * ae + (ab * ac - aa * bc) * be + (aa * bb - ab * ab) * ce) * inverse, 0)
  }

  /// What it costs that pusher or T would be outside of the window on the way, px.
  private func costOfPlaces(_ plan: PushTPushPlan) -> Double {
    var cost = 0.0
    var rotation = block.rotation
    var center = block.toWorld(PushTConstants.centerOfGravity)
    func outside(_ p: Vec2, _ margin: Double) -> Double {
      max(0, margin - p.x) + max(0, margin - p.y) + max(0, p.x - PushTConstants.windowSide + margin)
        + max(0, p.y - PushTConstants.windowSide + margin)
    }
    for m in 0..<plan.count {
      let contact = Self.contacts[plan.contacts[m]]
      let local = contact.pusher(gap: 0) - PushTConstants.centerOfGravity
      let approach = local - contact.inward * Self.approachGap
      cost += 20 * outside(center + rotation.apply(approach), 1)
      let step = PushTDisplacement(pushing: contact, by: plan.distances[m])
      center += rotation.apply(step.way)
      let turn = Rotation(angle: step.turn)
      rotation = Rotation(
        cosine: rotation.cosine * turn.cosine - rotation.sine * turn.sine,
        sine: rotation.sine * turn.cosine + rotation.cosine * turn.sine)
      cost += 20 * outside(center + rotation.apply(local), 2)
      for corner in PushTConstants.outline {
        cost += 20 * outside(center + rotation.apply(corner - PushTConstants.centerOfGravity), 9)
      }
    }
    return cost
  }
}

import PlanarCore
import PlanarPhysics
public func trace(seed: UInt64, scene: Int, from: Int, to: Int) {
  var run = FuzzRun(seed: seed, index: scene)
  let w = run.scene.world
  print(w.settings)
  print("walls", w.walls.count, w.walls.map { ($0.friction, $0.restitution) })
  if w.arm.jointCount > 0 { dump(w.arm, maxDepth: 2) }
  for (i, m) in w.models.enumerated() { print(i, "m", m.mass, "I", m.inertia, "mu", m.contactFriction, m.supportFriction, "e", m.restitution, "R", m.shape.circumradius, m.shape.outlines.map { $0.count }) }
  var t = 0
  while t < to {
    if t >= from { show(run, t) }
    t += 1
    run.run(steps: t, stop: StopFlag())
    if let f = run.failure { show(run, t); print("FAIL", f); break }
  }
}
func show(_ run: FuzzRun, _ t: Int) {
  let w = run.scene.world
  print("t", t, "overlap", w.deepestOverlap, "pairs", w.contactPairCount, "gain", run.extremes.energyGain, run.extremes.energyGainBouncing)
  if w.arm.jointCount > 0 { print("   arm q", w.arm.q, "v", w.arm.velocity, "target", w.arm.target, "jaw", w.arm.jaw) }
  for (i, s) in w.states.enumerated() { print("   body", i, s.position.x, s.position.y, "a", s.angle, "v", s.velocity.x, s.velocity.y, "w", s.spin) }
}
public func explore(seed: UInt64, scenes: Range<Int>, steps: Int) {
  var counts = FuzzCounts()
  for k in scenes {
    var run = FuzzRun(seed: seed, index: k)
    run.run(steps: steps, stop: StopFlag())
    counts.merge(run.counts)
    let e = run.extremes
    if let f = run.failure { print("FAIL", f) }
    print("scene", k, "passive", run.scene.isPassive, "arm", run.scene.world.arm.jointCount, "bodies", run.scene.world.models.count, "gain", e.energyGain, "bounce", e.energyGainBouncing, "rest", e.restPenetration, "out", e.centerOutside, "e", run.scene.restitution)
  }
  print(counts)
}

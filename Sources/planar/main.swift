import ArmEnvironments
import PolicyInterface
import PlanarCore
import Foundation
import Synchronization

let level = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "train"
let n = 500
let base = try PushEnvironment(randomization: level)
let t0 = Date()
let out = try parallelMap(count: n, threads: 2) { i -> (Bool, Int, String) in
  var e = base
  _ = try e.reset(seed: UInt64(1000 + i), command: .drawn)
  var x = PushExpert(); x.beginEpisode(seed: UInt64(1000+i))
  while true {
    let t = e.step(x.action(in: e))
    if t.terminated || t.truncated {
      let s = e.world.states[e.objectIndex(of: e.currentGoal)!]
      return (t.terminated, e.stepIndex, "\(1000+i) \(e.info.command) obj \(s.position) tip \(e.commandedTip) \(e.world.arm.tip)") }
  }
}
let ok = out.filter(\.0)
print("success", ok.count, "of", n, "mean steps", Double(ok.map(\.1).reduce(0,+))/Double(max(1,ok.count)), "max", ok.map(\.1).max() ?? 0, "time", Date().timeIntervalSince(t0), "env steps/s", Double(out.map(\.1).reduce(0,+))/Date().timeIntervalSince(t0))
for o in out where !o.0 { print(o.2) }

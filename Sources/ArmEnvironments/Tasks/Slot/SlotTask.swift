// The task: bring the named peg into the named slot of a wall, with little clearance.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface
import PlanarSceneDrawing

/// Precision: "put the red peg into the left slot". The peg must meet its slot to half of the clearance. What makes
/// actions coarse costs success here: few bins, a low control rate, few denoising steps, the representation of actions.
///
/// - Success: both corners of the peg's end are nearly at the end of the named slot, and the peg is at rest; a reward of 1.
public struct SlotTask: ArmTask {
  /// How much wider a slot is than a peg, m.
  public var clearance: Double
  /// Of a peg, m.
  public var pegWidth: Double
  /// Of a slot, m.
  public var depth: Double
  /// How far a slot lies to either side of its zone at most, m.
  public var shift: Double
  /// How far pegs begin turned from the way into a slot at most, rad.
  public var turn: Double
  /// The wall beside and between the slots.
  public var furnishedObstacles: Int

  /// The share of a slot's depth that a peg must be in.
  static let share = 0.9

  static let kind = TaskKind("slot", fields: fields) { try SlotTask($0) }

  private static let fields: [SpecificationField] = [
    .section(
      "slot",
      SpecificationSection(
        "slot",
        [
          .number("clearance", .length, -0.1...0.1, "how much wider a slot is than a peg"),
          .number("peg_width", .length, 0.01...0.1, "of a peg; its diagonal is that of the shape"),
          .number("depth", .length, 0.01...0.2, "of a slot, from the wall's face to the table's far edge"),
          .number("shift", .length, 0...0.5, "how far a slot lies to either side of its zone at most, drawn for each"),
          .number("turn", .angle, 0...0.6, "how far pegs begin turned from the way into a slot at most"),
        ]), "a wall along the far edge, with a slot at each zone")
  ]

  init(_ top: SpecReader) throws {
    let section = try top.section("slot")
    try section.allowKnown()
    clearance = try section.number("clearance")
    pegWidth = try section.number("peg_width")
    depth = try section.number("depth")
    shift = try section.number("shift")
    turn = try section.number("turn")
    furnishedObstacles = try top.section("zones").section("centers").keys.count + 1
    try SlotChecks(task: self, top: top, section: section).run()
  }

  /// An expert that grasps the peg at its end, lines it up and slides it in.
  public var expert: (any Expert<ArmEnvironment>)? { SlotExpert() }

  /// Every peg into every slot.
  public func instructions(in scene: Scene, of specification: EnvironmentSpecification) -> [Instruction] {
    scene.objectsIntoZones
  }

  /// Draws where the slots are and how the pegs are turned, and gives the pegs their outline.
  public func furnish(_ scene: inout Scene, of specification: EnvironmentSpecification, seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "slot")
    let table = specification.table
    for index in scene.zones.indices {
      scene.zones[index].center.x += random.uniform(in: -shift...shift)
      scene.draws["\(scene.zones[index].name)_slot"] = scene.zones[index].center.x
    }
    let wall = SlotWall(
      slots: scene.zones.map(\.center.x), width: pegWidth + clearance, depth: depth, face: table.max.y - depth,
      ends: table.min.x...table.max.x)
    scene[SlotWall.self] = wall
    scene.obstacles += wall.obstacles
    for index in scene.objects.indices {
      let object = scene.objects[index]
      let half = pegWidth / 2
      let halfLength = (object.circumradius * object.circumradius - half * half).squareRoot()
      scene.objects[index].body = BodyModel(
        shape: .box(halfWidth: half, halfHeight: halfLength), mass: object.body.mass,
        contactFriction: object.body.contactFriction, supportFriction: object.body.supportFriction,
        restitution: object.body.restitution)
      scene.objects[index].start.angle = random.uniform(in: -turn...turn)
    }
  }

  /// The peg at the end of the slot that is named.
  ///
  /// - Throws: `UserError` that says what is not on the table.
  public func goal(of instruction: Instruction, in scene: Scene) throws -> Goal {
    var goal = try Goal(instruction, in: scene)
    goal.conditions = goal.conditions.map { condition in
      guard let inside = condition as? ObjectInZone, let object = inside.object, let zone = inside.zone else {
        return condition
      }
      return PegInSlot(object: object, slot: zone)
    }
    return goal
  }

  /// Where the slots' mouths are, from the tip.
  public func observedElements(of specification: EnvironmentSpecification) -> [TaskElement] {
    let most = specification.table.width + 1
    return specification.zones.map { TaskElement("\($0.name)_slot_x (m)", -most...most) }
  }

  /// Where the slots are along x, from the tip.
  public func observe(_ environment: ArmEnvironment, _ memory: NoMemory) -> [Double] {
    (environment.scene[SlotWall.self]?.slots ?? []).map { $0 - environment.tip.x }
  }

  /// The slots' floors.
  public func drawing(of environment: ArmEnvironment, _ memory: NoMemory) -> [DrawItem] {
    guard let wall = environment.scene[SlotWall.self] else { return [] }
    return wall.slots.map { x in
      let (half, far) = (wall.width / 2, wall.face + wall.depth)
      return .polygon(
        [Vec2(x - half, wall.face), Vec2(x + half, wall.face), Vec2(x + half, far), Vec2(x - half, far)],
        fill: Color(hex: 0xF6F3EA))
    }
  }

  /// `depth_share`: the share of the slot's depth that the peg is in, 0 outside of the slot; `misalignment` of its end and
  /// the slot, m, and `tilt`, rad.
  public func metrics(_ environment: ArmEnvironment, _ memory: NoMemory) -> [String: Double] {
    guard let wall = environment.scene[SlotWall.self],
      let condition = environment.goal.conditions.first as? PegInSlot,
      let peg = PegPose(condition.objectIndex, in: environment)
    else { return [:] }
    let aside = abs(peg.front.x - wall.slots[condition.slotIndex])
    let depth = aside < wall.width / 2 ? max(0, peg.depth(in: wall)) : 0
    return ["depth_share": min(1, depth / wall.depth), "misalignment": aside, "tilt": abs(peg.tilt)]
  }
}

/// The peg's end is nearly at the end of a slot, at rest.
public struct PegInSlot: Condition {
  let objectIndex: Int
  let slotIndex: Int
  /// The peg.
  public var object: Int? { objectIndex }
  /// The zone that stands for the slot.
  public var zone: Int? { slotIndex }

  /// The condition of a peg and a slot, by their indices in the scene.
  public init(object: Int, slot: Int) { (objectIndex, slotIndex) = (object, slot) }

  /// Whether it holds now.
  public func holds(in environment: ArmEnvironment) -> Bool {
    guard let wall = environment.scene[SlotWall.self], let peg = PegPose(objectIndex, in: environment) else {
      return false
    }
    return peg.depth(in: wall) >= SlotTask.share * wall.depth
      && abs(peg.front.x - wall.slots[slotIndex]) < wall.width / 2 && environment.isAtRest(objectIndex)
  }

  /// How far it is from holding: 0 where it holds, about 1 at 0.4 m.
  public func cost(in environment: ArmEnvironment) -> Double {
    guard !holds(in: environment), let wall = environment.scene[SlotWall.self],
      let peg = PegPose(objectIndex, in: environment)
    else { return 0 }
    let way = Vec2(wall.slots[slotIndex], wall.face + wall.depth) - peg.front
    let hand = environment.isHeld(objectIndex) ? 0 : 0.2 + (environment.tip - peg.center).length
    return ArmEnvironment.costPerMetre * way.length + 0.5 * abs(peg.tilt) + hand + 0.02
  }
}

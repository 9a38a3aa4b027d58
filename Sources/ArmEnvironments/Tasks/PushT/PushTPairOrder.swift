// In which order pairs of shapes are tested. Ten iterations do not always settle a T that is squeezed between
// pusher and wall, and what they leave depends on the order of the contacts, so gym-pusht's order is kept
// here.

import PlanarCore

/// The order in which Chipmunk 7 would report the pairs of shapes that may touch.
///
/// Chipmunk keeps every moving shape in a binary tree under a box somewhat larger than the shape. A shape
/// that leaves its box gets a new one and another place in the tree, and its pairs are found anew; as long as
/// it stays inside, the pairs known of it are reported, the newest first. Shapes report in the tree's order.
///
/// Only three shapes move, so the tree is three leaves and the question which two of them stand together.
/// Pairs that cannot push the T (pusher–wall, bar–stem) are left out; they never change the order of the
/// others.
struct PushTPairOrder: Sendable {
  /// The moving shapes, in the order in which their boxes are checked.
  enum Leaf: Int { case bar, stem, pusher }

  /// The pairs to test now, as indices of `PushTSimulation`'s memories; the first `count` are valid.
  private(set) var pairs = InlineArray<10, Int>(repeating: 0)
  private(set) var count = 0

  /// The leaves' boxes, by `Leaf.rawValue`.
  private var boxes = InlineArray<3, PushTBounds>(repeating: PushTBounds())
  /// The leaves from left to right, and whether the left two (rather than the right two) stand together.
  private var leaves = InlineArray<3, Leaf>(repeating: .pusher)
  private var groupsLeft = false
  /// When each pair was found, 0 where it is not known.
  private var found = InlineArray<10, Int>(repeating: 0)
  private var findings = 0
  /// Whether the pusher–bar and pusher–stem pairs are reported by the pusher rather than by the T's shape.
  private var pusherReports = InlineArray<2, Bool>(repeating: false)
  /// Whether `pairs` holds until a shape leaves its box.
  private var isSettled = false

  /// The tree as gym-pusht's reset builds it: the pusher at (256, 400), then an upright T at (256, 300).
  init() {
    let origin = Vec2(256, 300)
    let bar = PushTBounds(
      low: origin + PushTConstants.bar.min, high: origin + PushTConstants.bar.max)
    let stem = PushTBounds(
      low: origin + PushTConstants.stem.min, high: origin + PushTConstants.stem.max)
    boxes[Leaf.pusher.rawValue] = PushTBounds(ofPusher: Vec2(256, 400)).grown(moving: .zero)
    boxes[Leaf.bar.rawValue] = bar.grown(moving: .zero)
    boxes[Leaf.stem.rawValue] = stem.grown(moving: .zero)
    leaves[0] = .bar
    leaves[1] = .pusher
    place(.stem, besides: .bar, .pusher)
    // Of these shapes' boxes only those of stem and pusher overlap.
    pusherReports[1] = index(of: .pusher) > index(of: .stem)
    find(1)
  }

  /// Whether a shape has left its box.
  @inline(__always)
  func isLeft(_ leaf: Leaf, by bounds: PushTBounds) -> Bool {
    !boxes[leaf.rawValue].contains(bounds)
  }

  /// Gives new boxes to the shapes for which there is one, in the order bar, stem, pusher, and lists the
  /// pairs.
  mutating func update(bar: PushTBounds?, stem: PushTBounds?, pusher: PushTBounds?) {
    if bar == nil, stem == nil, pusher == nil {
      if isSettled { return }
      isSettled = true
    } else {
      isSettled = false
    }
    if let bar { move(.bar, to: bar) }
    if let stem { move(.stem, to: stem) }
    if let pusher { move(.pusher, to: pusher) }
    count = 0
    func isNew(_ leaf: Leaf) -> Bool {
      switch leaf {
      case .bar: return bar != nil
      case .stem: return stem != nil
      case .pusher: return pusher != nil
      }
    }
    for i in 0..<3 {
      let leaf = leaves[i]
      guard isNew(leaf) else {
        reportKnownPairs(of: leaf)
        continue
      }
      if leaf != .pusher { findWalls(of: leaf) }
      let (near, far) = neighbours(of: i)
      meet(leaf, at: i, leaves[near], at: near, otherIsNew: isNew(leaves[near]))
      meet(leaf, at: i, leaves[far], at: far, otherIsNew: isNew(leaves[far]))
    }
  }

  // MARK: The tree

  private func index(of leaf: Leaf) -> Int { leaves[0] == leaf ? 0 : leaves[1] == leaf ? 1 : 2 }

  /// The places of the other two leaves, in the order in which a leaf meets them on the way up.
  private func neighbours(of index: Int) -> (Int, Int) {
    switch index {
    case 0: return (1, 2)
    case 1: return groupsLeft ? (0, 2) : (2, 0)
    default: return groupsLeft ? (0, 1) : (1, 0)
    }
  }

  private mutating func move(_ leaf: Leaf, to bounds: PushTBounds) {
    boxes[leaf.rawValue] = bounds
    let others: (Leaf, Leaf)
    switch index(of: leaf) {
    case 0: others = (leaves[1], leaves[2])
    case 1: others = (leaves[0], leaves[2])
    default: others = (leaves[0], leaves[1])
    }
    place(leaf, besides: others.0, others.1)
    for pair in 0..<10 where involves(pair, leaf) { found[pair] = 0 }
  }

  /// Joins a leaf to that of two others whose box grows the tree least.
  private mutating func place(_ leaf: Leaf, besides left: Leaf, _ right: Leaf) {
    let box = boxes[leaf.rawValue]
    let a = boxes[left.rawValue]
    let b = boxes[right.rawValue]
    var costLeft = b.area + a.merged(with: box).area
    var costRight = a.area + b.merged(with: box).area
    if costLeft == costRight {
      costLeft = a.remoteness(from: box)
      costRight = b.remoteness(from: box)
    }
    groupsLeft = !(costRight < costLeft)
    leaves[0] = groupsLeft ? leaf : left
    leaves[1] = groupsLeft ? left : leaf
    leaves[2] = right
  }

  // MARK: Pairs

  /// Pair 0 is pusher–bar, 1 pusher–stem, then wall 0–bar, wall 0–stem, and so on.
  private func involves(_ pair: Int, _ leaf: Leaf) -> Bool {
    switch leaf {
    case .bar: return pair & 1 == 0
    case .stem: return pair & 1 == 1
    case .pusher: return pair < 2
    }
  }

  private mutating func find(_ pair: Int) {
    findings += 1
    found[pair] = findings
  }

  private mutating func report(_ pair: Int) {
    pairs[count] = pair
    count += 1
  }

  /// Reports the pairs of which a leaf is in charge, the newest first.
  private mutating func reportKnownPairs(of leaf: Leaf) {
    var before = Int.max
    while true {
      var newest = -1
      for pair in 0..<10 where found[pair] > 0 && found[pair] < before {
        let reporter: Leaf = pair < 2 && pusherReports[pair] ? .pusher : pair & 1 == 0 ? .bar : .stem
        if reporter == leaf, newest < 0 || found[pair] > found[newest] { newest = pair }
      }
      guard newest >= 0 else { return }
      report(newest)
      before = found[newest]
    }
  }

  private mutating func findWalls(of leaf: Leaf) {
    for wall in stride(from: 3, through: 0, by: -1)
    where PushTBounds(PushTConstants.wall(wall)).overlaps(boxes[leaf.rawValue]) {
      find(2 + 2 * wall + leaf.rawValue)
      report(2 + 2 * wall + leaf.rawValue)
    }
  }

  /// A leaf with a new box meets another: the one farther right reports their pair.
  private mutating func meet(
    _ leaf: Leaf, at index: Int, _ other: Leaf, at otherPlace: Int, otherIsNew: Bool
  ) {
    guard leaf == .pusher || other == .pusher,
      boxes[leaf.rawValue].overlaps(boxes[other.rawValue])
    else { return }
    let pair = (leaf == .pusher ? other : leaf).rawValue
    let isLeftmost = index < otherPlace
    if isLeftmost || !otherIsNew {
      find(pair)
      pusherReports[pair] = (leaf == .pusher) != isLeftmost
    }
    if !isLeftmost { report(pair) }
  }
}

// Relations that only composed words need: negation and an ordinal.

import PlanarCore

extension Relation.Kind {
  /// What is left of a kind without the landmark: "the square other than the red square".
  static let otherThan = Relation.Kind(
    "otherThan", key: "other_than", english: "other than", korean: " 말고 다른"
  ) { offsets in Array(offsets.indices) }

  /// The second by distance between centres.
  static let secondNearest = Relation.Kind(
    "secondNearest", key: "second_nearest", english: "second nearest to", korean: "에서 두 번째로 가까운",
    isClear: { own, others in
      let gaps = others.map { $0.length - own.length }
      return gaps.allSatisfy { abs($0) >= CommandGrammar.clearlyNearer } && gaps.count { $0 < 0 } == 1
    },
    choose: { offsets in
      let order = offsets.indices.sorted { (offsets[$0].length, $0) < (offsets[$1].length, $1) }
      return order.count > 1 ? [order[1]] : []
    })

  /// What singles objects out in this task, one phrase of each.
  static let composed = [otherThan, nearest, farthest, secondNearest, leftOf, rightOf, above, below]
}

// Losses: numbers, so that `grad_out` is the weight they are recorded with.

import PlanarNeuralNetworks

@Sendable func lossPlan(_ reader: OperationReader) throws -> OperationPlan {
  let shape = try reader.shape("in.pred")
  _ = try reader.shape("in.target", shape)
  _ = try reader.shape("out", [1])
  let kind: LossKind =
    switch try reader.word("loss") {
    case "mse": .meanSquaredError
    case "l1": .meanAbsoluteError
    case "huber": .huber(delta: try reader.positive("delta"))
    case let other: throw reader.failure("has the unknown loss '\(other)'")
    }
  let total = shape.reduce(1, *)
  let count: Int
  switch try reader.word("reduction") {
  case "mean": count = total
  case "full_mean", "valid_mean":
    _ = try reader.shape("in.valid", shape.dropLast())
    let valid = try reader.floats("in.valid").numbers
    guard valid.allSatisfy({ $0 == 0 || $0 == 1 }), valid.contains(1) else {
      throw reader.failure("has a mask that is not of zeros and ones")
    }
    count =
      try reader.word("reduction") == "full_mean"
      ? total : valid.count { $0 == 1 } * shape[shape.count - 1]
  case let other: throw reader.failure("has the unknown reduction '\(other)'")
  }
  let isMasked = try reader.word("reduction") != "mean"
  return OperationPlan(
    ParameterLayout(),
    .loss { run, weight in
      run.tape.loss(
        kind, run.input("pred"), run.input("target"), mask: isMasked ? run.input("valid") : nil,
        count: count, weight: weight)
    })
}

@Sendable func crossEntropyPlan(_ reader: OperationReader) throws -> OperationPlan {
  let shape = try reader.shape("in.logits", [nil, nil])
  _ = try reader.shape("in.labels", [shape[0]])
  _ = try reader.shape("out", [1])
  let labels = try reader.indices("in.labels", below: shape[1])
  let smoothing = try reader.number("smoothing")
  guard (0...1).contains(smoothing) else {
    throw reader.failure("has smoothing \(smoothing), outside 0 to 1")
  }
  return OperationPlan(
    ParameterLayout(), constants: ["labels"],
    .loss { run, weight in
      run.tape.crossEntropy(
        run.input("logits"), labels: labels, smoothing: Float(smoothing), weight: weight)
    })
}

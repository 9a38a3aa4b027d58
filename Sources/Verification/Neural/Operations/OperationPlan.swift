// How a kind of operation is put on a tape, and the replay of a case by it.

import PlanarNeuralNetworks

/// A whole parameter, or some of its first axis's rows where several tensors of the reference lie in one.
struct ParameterPart: Sendable {
  var parameter: Parameter
  var rows: Range<Int>

  init(_ parameter: Parameter, rows: Range<Int>? = nil) {
    self.parameter = parameter
    self.rows = rows ?? 0..<parameter.shape[0]
  }

  var shape: [Int] { [rows.count] + parameter.shape.dropFirst() }
  /// Where the numbers begin in the parameter.
  var range: Range<Int> {
    let width = parameter.count / parameter.shape[0]
    return rows.lowerBound * width..<rows.upperBound * width
  }
}

/// What a kind of operation makes of a case.
struct OperationPlan: Sendable {
  /// What is recorded: a tensor that `grad_out` is multiplied with, or a loss times a weight.
  enum Application: Sendable {
    case tensor(@Sendable (OperationRun) -> Tensor)
    case loss(@Sendable (OperationRun, _ weight: Float) -> Float)
  }

  var layout: ParameterLayout
  /// Where `param.NAME` goes.
  var parameters: [String: ParameterPart]
  /// Inputs, and `out`, whose axes have another order on the tape.
  var arrangements: [String: Arrangement]
  /// Inputs that are no tensors of the tape: indices, positions.
  var constants: Set<String>
  var application: Application
  /// The names under which a run keeps what lies between input and output.
  var between: Set<String>

  init(
    _ layout: ParameterLayout, parameters: [String: ParameterPart] = [:],
    arrangements: [String: Arrangement] = [:], constants: Set<String> = [],
    between: Set<String> = [], _ application: Application
  ) {
    self.layout = layout
    self.parameters = parameters
    self.arrangements = arrangements
    self.constants = constants
    self.between = between
    self.application = application
  }

  /// A plan for tensors alone.
  init(
    _ layout: ParameterLayout = ParameterLayout(), parameters: [String: Parameter],
    arrangements: [String: Arrangement] = [:],
    _ body: @escaping @Sendable (OperationRun) -> Tensor
  ) {
    self.init(
      layout, parameters: parameters.mapValues { ParameterPart($0) }, arrangements: arrangements,
      .tensor(body))
  }
}

/// One run of an operation on a tape: its inputs by name.
final class OperationRun {
  let tape = Tape(recording: true)
  fileprivate var inputs: [String: Tensor] = [:]
  /// What lies between input and output, by name.
  var between: [String: [Float]] = [:]

  func input(_ name: String) -> Tensor { inputs[name]! }
}

/// A case read whole.
struct OperationReplay: Sendable {
  let entry: OperationEntry
  let plan: OperationPlan
  let inputs: [String: ReferenceTensor]
  let parameters: [String: ReferenceTensor]
  let output: ReferenceTensor
  let outputGradient: ReferenceTensor?
  /// `grad.NAME` and `mid.NAME`.
  let references: [String: ReferenceTensor]

  /// - Throws: `ReferenceError` or `UserError` where tensors are missing or do not fit each other.
  init(_ reader: OperationReader, _ plan: OperationPlan) throws {
    entry = reader.entry
    self.plan = plan
    var inputs: [String: ReferenceTensor] = [:]
    var parameters: [String: ReferenceTensor] = [:]
    var references: [String: ReferenceTensor] = [:]
    for tensor in entry.tensors.keys.sorted() where tensor != "out" && tensor != "grad_out" {
      let parts = tensor.split(separator: ".", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw reader.failure("has a tensor '\(tensor)' of no known use") }
      let name = parts[1]
      switch parts[0] {
      case "in":
        if !plan.constants.contains(name) { inputs[name] = try reader.floats(tensor) }
      case "param":
        guard let part = plan.parameters[name] else {
          throw reader.failure("has a tensor '\(tensor)' that a \(entry.kind) does not have")
        }
        _ = try reader.shape(tensor, part.shape)
        parameters[name] = try reader.floats(tensor)
      case "grad":
        let origin = plan.parameters[name] != nil ? "param." + name : "in." + name
        _ = try reader.shape(tensor, reader.shape(origin))
        references[tensor] = try reader.floats(tensor)
      case "mid":
        guard plan.between.contains(name) else {
          throw reader.failure("has a tensor '\(tensor)' that a \(entry.kind) does not have")
        }
        references[tensor] = try reader.floats(tensor)
      default: throw reader.failure("has a tensor '\(tensor)' of no known use")
      }
    }
    for name in plan.parameters.keys where parameters[name] == nil {
      throw reader.failure("has no tensor 'param.\(name)'")
    }
    output = try reader.floats("out")
    if reader.has("grad_out") { _ = try reader.shape("grad_out", output.shape) }
    outputGradient = reader.has("grad_out") ? try reader.floats("grad_out") : nil
    guard outputGradient != nil || !references.keys.contains(where: { $0.hasPrefix("grad.") }) else {
      throw reader.failure("has gradients but no tensor 'grad_out'")
    }
    // A gradient that nobody gives is a check that nobody makes.
    let missing = plan.parameters.keys.sorted().first { references["grad." + $0] == nil }
    if outputGradient != nil, let missing { throw reader.failure("has no tensor 'grad.\(missing)'") }
    (self.inputs, self.parameters, self.references) = (inputs, parameters, references)
  }

  /// Output, all gradients and what lies between, against the reference.
  func checks() -> [VerificationCheck] {
    let store = ParameterStore(layout: plan.layout, seed: 0)
    for (name, tensor) in parameters { store.set(plan.parameters[name]!, to: tensor.numbers) }
    let gradients = FloatBuffer(count: plan.layout.bufferCount)
    let run = OperationRun()
    begin(run, store, gradients)
    var checks: [VerificationCheck] = []
    switch plan.application {
    case .tensor(let apply):
      let result = apply(run)
      guard result.count == output.count else {
        return [VerificationCheck("shape of out: \(result.shape)", error: .infinity, tolerance: 0)]
      }
      let order = plan.arrangements["out"]
      let numbers = run.tape.array(result)
      checks.append(
        limit(of: "out", output).check(
          "out", order?.undo(numbers, original: output.shape) ?? numbers, output.numbers))
      if let outputGradient {
        let direction =
          order?.apply(outputGradient.numbers, original: output.shape) ?? outputGradient.numbers
        run.tape.backward(from: result, gradient: direction)
      }
    case .loss(let apply):
      checks.append(limit(of: "out", output).check("out", [apply(run, 1)], output.numbers))
      if let outputGradient {
        begin(run, store, gradients)
        _ = apply(run, outputGradient.numbers[0])
        run.tape.backward()
      }
    }
    for (tensor, reference) in references.sorted(by: { $0.key < $1.key }) {
      let name = String(tensor.drop { $0 != "." }.dropFirst())
      let numbers: [Float]
      if tensor.hasPrefix("mid.") {
        numbers = run.between[name] ?? []
      } else if let part = plan.parameters[name] {
        numbers = plan.layout.numbers(of: part, in: gradients)
      } else {
        let gradient = run.tape.gradientArray(run.input(name))
        numbers =
          plan.arrangements[name]?.undo(gradient, original: reference.shape) ?? gradient
      }
      checks.append(limit(of: tensor, reference).check(tensor, numbers, reference.numbers))
    }
    return checks
  }

  private func begin(_ run: OperationRun, _ store: ParameterStore, _ gradients: FloatBuffer) {
    run.tape.begin(weights: store.values, gradients: gradients)
    for (name, tensor) in inputs {
      let order = plan.arrangements[name]
      let shape = Shape(extents: order?.extents(of: tensor.shape) ?? tensor.shape)
      let numbers = order?.apply(tensor.numbers, original: tensor.shape) ?? tensor.numbers
      run.inputs[name] =
        references["grad." + name] == nil
        ? run.tape.input(shape, numbers) : run.tape.variable(shape, numbers)
    }
  }

  /// The limits of the reference data's page. Where the file says that single precision costs PyTorch itself
  /// more than a third of a limit (rotations by large angles), three times that cost is the limit.
  private func limit(of tensor: String, _ reference: ReferenceTensor) -> TensorLimit {
    if entry.zeroGradient?.contains(tensor) == true { return .absolute(1e-5) }
    if entry.kind == "sinusoidal" { return .absolute(1e-4) }
    if entry.name.hasSuffix("_wide") { return .elementwise(absolute: 5e-6, relative: 1e-5) }
    let scale = Double(reference.numbers.reduce(0) { max($0, abs($1)) })
    // A tensor of rounding noise has no scale of its own.
    if scale < 1e-6 { return .absolute(1e-5) }
    return .relative(max(1e-5, 3 * (entry.errVsFloat64?[tensor] ?? 0) / scale))
  }
}

extension ParameterStore {
  func set(_ part: ParameterPart, to numbers: [Float]) {
    var all = tensor(part.parameter)
    all.replaceSubrange(part.range, with: numbers)
    set(part.parameter, to: all)
  }
}

extension ParameterLayout {
  func numbers(of part: ParameterPart, in buffer: FloatBuffer) -> [Float] {
    Array(numbers(of: part.parameter, in: buffer)[part.range])
  }
}

extension Shape {
  /// One to four extents.
  init(extents: [Int]) {
    switch extents.count {
    case 1: self.init(extents[0])
    case 2: self.init(extents[0], extents[1])
    case 3: self.init(extents[0], extents[1], extents[2])
    default: self.init(extents[0], extents[1], extents[2], extents[3])
    }
  }
}

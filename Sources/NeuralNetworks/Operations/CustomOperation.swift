// Operations from outside the module: see "Adding an operation" in the module's README.

/// An operation with a forward and a backward pass of its own, for `Tape.custom`.
///
/// A reference, kept by the tape until it begins again, so that recording allocates nothing. It may hold
/// settings and parameters, but nothing that belongs to one pass: one operation may be recorded many times.
public protocol CustomOperation: AnyObject {
  /// Parameters that it learns.
  var parameters: [Parameter] { get }

  /// Fills `context.output` (and `context.kept`, where something was asked for); both hold anything before.
  func forward(_ context: CustomContext)

  /// Adds to `context.inputGradient(i)`, where that is not nil, and to `context.gradient(of:)` of its
  /// parameters, reading `context.outputGradient`.
  func backward(_ context: CustomContext)
}

extension CustomOperation {
  /// None.
  public var parameters: [Parameter] { [] }
}

struct CustomRecord {
  let operation: any CustomOperation
  let a: Tensor
  let b: Tensor?
  let c: Tensor?
  let kept: Tensor
  let output: Tensor
}

/// What a custom operation reads and writes; valid for the time of the call. All numbers are row-major.
public struct CustomContext {
  let tape: Tape
  let record: CustomRecord

  private func tensor(_ index: Int) -> Tensor {
    let tensor = index == 0 ? record.a : index == 1 ? record.b : index == 2 ? record.c : nil
    guard let tensor else { fatalError("custom operation: there is no input \(index)") }
    return tensor
  }

  /// Extents of input `index` (0, 1 or 2).
  public func shape(_ index: Int) -> Shape { tensor(index).shape }
  /// The numbers of input `index`.
  public func input(_ index: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: tape.pointer(tensor(index)), count: tensor(index).count)
  }

  /// Extents of the output.
  public var outputShape: Shape { record.output.shape }
  /// To be filled by `forward`; still there in `backward`.
  public var output: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: tape.pointer(record.output), count: record.output.count)
  }

  /// Room for what `forward` leaves to `backward`.
  public var kept: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: tape.pointer(record.kept), count: record.kept.count)
  }

  /// d loss / d output; only in `backward`.
  public var outputGradient: UnsafeBufferPointer<Float> {
    guard let gradient = tape.gradient(of: record.output) else {
      fatalError("custom operation: the output's gradient is there in backward only")
    }
    return UnsafeBufferPointer(start: gradient, count: record.output.count)
  }

  /// d loss / d input as far as it is known: to be added to. Nil where nothing learned lies before the input;
  /// only in `backward`.
  public func inputGradient(_ index: Int) -> UnsafeMutableBufferPointer<Float>? {
    let tensor = tensor(index)
    return tape.zeroedAccumulator(of: tensor).map {
      UnsafeMutableBufferPointer(start: $0, count: tensor.count)
    }
  }

  /// A parameter's numbers as they lie in memory: a convolution's kernel is `[first, kernel…, second]`.
  public func weights(_ parameter: Parameter) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: tape.weights(parameter), count: parameter.count)
  }

  /// d loss / d parameter as far as it is known: to be added to. Nil where the tape collects none.
  public func gradient(of parameter: Parameter) -> UnsafeMutableBufferPointer<Float>? {
    tape.weightGradient(parameter).map {
      UnsafeMutableBufferPointer(start: $0, count: parameter.count)
    }
  }
}

extension Tape {
  /// Runs an operation of one to three inputs that the module does not know.
  ///
  /// - Parameter keeping: how many numbers `forward` leaves to `backward` in `context.kept`.
  public func custom(
    _ operation: any CustomOperation, _ a: Tensor, _ b: Tensor? = nil, _ c: Tensor? = nil,
    outputShape: Shape, keeping: Int = 0
  ) -> Tensor {
    require(b != nil || c == nil, "custom operation: a third input needs a second")
    let needsGradient =
      a.needsGradient || b?.needsGradient == true || c?.needsGradient == true
      || !operation.parameters.isEmpty
    let kept = make(Shape(keeping), needsGradient: false)
    let output = make(outputShape, needsGradient: needsGradient)
    let made = CustomRecord(operation: operation, a: a, b: b, c: c, kept: kept, output: output)
    operation.forward(CustomContext(tape: self, record: made))
    record(.custom(made))
    return output
  }

  func customBackward(_ record: CustomRecord) {
    guard gradient(of: record.output) != nil else { return }
    record.operation.backward(CustomContext(tape: self, record: record))
  }
}

// Observations of a batch's rows in flat arrays, for training and for inference.

import PlanarCore
import PlanarPolicyInterface

/// Some rows' observations, as observed. What a policy does not look at may be nil.
struct ObservedRows {
  let count: Int
  /// `[rows, To, proprioception]`.
  let proprioception: UnsafePointer<Float>
  /// `[rows, To, objects, features]`.
  let objects: UnsafePointer<Float>?
  /// `[rows, frames, height, width, 3]`.
  let images: UnsafePointer<UInt8>?
  /// `[rows, To, touch]`.
  let touch: UnsafePointer<Float>?
  /// `[rows]`, into the configuration's robots.
  let robots: UnsafePointer<Int32>?
}

/// The storage behind `ObservedRows`.
public struct ObservationArrays: Sendable {
  public let rows: Int
  /// `[rows, To, proprioception]`.
  public var proprioception: [Float]
  /// `[rows, To, objects, features]`; empty where nobody reads it.
  public var objects: [Float]
  /// `[rows, frames, height, width, 3]`; empty where nobody looks at pictures.
  public var images: [UInt8]
  /// `[rows, To, touch]`; empty where nobody reads it.
  public var touch: [Float]
  /// `[rows]`: which of the configuration's robots; empty where it names none.
  public var robots: [Int32]

  /// Zeros.
  ///
  /// - Parameter features: what is kept of an observation.
  init(rows: Int, features: FeatureSet, horizon: Int, frames: Int) {
    self.rows = rows
    proprioception = .init(repeating: 0, count: rows * horizon * features.proprioception.count)
    objects = .init(repeating: 0, count: rows * horizon * features.objects.count)
    images = .init(repeating: 0, count: rows * frames * (features.image?.count ?? 0))
    touch = .init(repeating: 0, count: rows * horizon * (features.touch?.count ?? 0))
    robots = .init(repeating: 0, count: features.robots.isEmpty ? 0 : rows)
  }

  /// Gives some rows to `body` for the time of the call.
  func withRows<Result>(_ range: Range<Int>, _ body: (ObservedRows) -> Result) -> Result {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) are not within the batch's \(rows)")
    func start<Element>(_ buffer: UnsafeBufferPointer<Element>) -> UnsafePointer<Element>? {
      buffer.isEmpty ? nil : buffer.baseAddress! + buffer.count / rows * range.lowerBound
    }
    return proprioception.withUnsafeBufferPointer { proprioception in
      objects.withUnsafeBufferPointer { objects in
        images.withUnsafeBufferPointer { images in
          touch.withUnsafeBufferPointer { touch in
            robots.withUnsafeBufferPointer { robots in
              body(
                ObservedRows(
                  count: range.count, proprioception: start(proprioception)!,
                  objects: start(objects), images: start(images), touch: start(touch),
                  robots: start(robots)))
            }
          }
        }
      }
    }
  }

  /// Gives the arrays to `body` to be filled; nil where nothing is kept.
  public mutating func withMutableBuffers(
    _ body: (
      _ proprioception: UnsafeMutableBufferPointer<Float>, _ objects: UnsafeMutableBufferPointer<Float>,
      _ touch: UnsafeMutableBufferPointer<Float>?, _ images: UnsafeMutableBufferPointer<UInt8>?,
      _ robots: UnsafeMutableBufferPointer<Int32>?
    ) -> Void
  ) {
    func kept<Element>(_ buffer: UnsafeMutableBufferPointer<Element>) -> UnsafeMutableBufferPointer<Element>? {
      buffer.isEmpty ? nil : buffer
    }
    proprioception.withUnsafeMutableBufferPointer { proprioception in
      objects.withUnsafeMutableBufferPointer { objects in
        touch.withUnsafeMutableBufferPointer { touch in
          images.withUnsafeMutableBufferPointer { images in
            robots.withUnsafeMutableBufferPointer { robots in
              body(proprioception, objects, kept(touch), kept(images), kept(robots))
            }
          }
        }
      }
    }
  }

  /// Copies one observation to its place in a row's window; what is not read is left.
  ///
  /// - Parameters:
  ///   - frame: which of the row's pictures it is; a negative one is not looked at.
  ///   - places: where each number of the observed proprioception belongs.
  mutating func copy(
    _ observation: Observation, row: Int, step: Int, steps: Int, frame: Int, frames: Int, places: [Int]
  ) {
    let window = row * steps + step
    let p = proprioception.count / (rows * steps)
    let (o, t) = (objects.count / (rows * steps), touch.count / (rows * steps))
    let i = images.isEmpty ? 0 : images.count / (rows * frames)
    precondition(
      observation.proprioception.count == places.count && (o == 0 || observation.objects.count == o)
        && (t == 0 || observation.touch.count == t) && (i == 0 || observation.image.count == i),
      "an observation does not have the policy's features")
    for n in places.indices { proprioception[window * p + places[n]] = observation.proprioception[n] }
    for n in 0..<o { objects[window * o + n] = observation.objects[n] }
    for n in 0..<t { touch[window * t + n] = observation.touch[n] }
    guard i > 0, frame >= 0 else { return }
    let place = (row * frames + frame) * i
    images.withUnsafeMutableBufferPointer { images in
      observation.image.withUnsafeBufferPointer {
        (images.baseAddress! + place).update(from: $0.baseAddress!, count: i)
      }
    }
  }
}

// Weights in the order that matrix products read: made when first asked for, and again after the weights have
// changed.

import PlanarCore
import Synchronization

/// The panels of one flat weight buffer.
// Sendable because the lock guards the table, and panels are written inside the lock, or in `refresh`, which
// training calls between parallel sections.
final class WeightPanels: ParallelWork, @unchecked Sendable {
  private struct Key: Hashable {
    let offset: Int
    let packing: Packing
  }

  private struct Entry {
    let key: Key
    let panels: FloatBuffer
    var version: Int
  }

  private struct Table {
    var indices: [Key: Int] = [:]
    var entries: [Entry] = []
  }

  private let table = Mutex(Table())
  /// What `refresh` reads from.
  private var refreshed: FloatBuffer?

  /// A parameter's panels, up to date.
  func panels(
    of parameter: Parameter, _ packing: Packing, in weights: FloatBuffer
  ) -> UnsafePointer<Float> {
    let key = Key(offset: parameter.offset, packing: packing)
    return table.withLock { table in
      let index: Int
      if let known = table.indices[key] {
        index = known
      } else {
        index = table.entries.count
        table.indices[key] = index
        table.entries.append(
          Entry(key: key, panels: FloatBuffer(count: packing.count), version: weights.version &- 1))
      }
      if table.entries[index].version != weights.version {
        Self.pack(&table.entries[index], weights)
      }
      return UnsafePointer(table.entries[index].panels.pointer)
    }
  }

  /// Brings everything that was ever asked for up to date, on several threads.
  func refresh(from weights: FloatBuffer, threads: Int) {
    refreshed = weights
    parallelFor(count: table.withLock { $0.entries.count }, threads: threads, self)
    refreshed = nil
  }

  /// One entry of `refresh`.
  func perform(_ unit: Int) {
    guard let weights = refreshed else { return }
    var entry = table.withLock { $0.entries[unit] }
    guard entry.version != weights.version else { return }
    Self.pack(&entry, weights)
    table.withLock { $0.entries[unit].version = weights.version }
  }

  private static func pack(_ entry: inout Entry, _ weights: FloatBuffer) {
    entry.key.packing.pack(weights.pointer + entry.key.offset, to: entry.panels.pointer)
    entry.version = weights.version
  }
}

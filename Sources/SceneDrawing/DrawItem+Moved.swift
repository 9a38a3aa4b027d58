// Items somewhere else.

import PlanarCore

extension DrawItem {
  /// The item, moved by a way, m.
  public func moved(by way: Vec2) -> DrawItem {
    func moved(_ relief: Relief?) -> Relief? {
      guard var relief else { return nil }
      relief.center += way
      return relief
    }
    return switch self {
    case .disc(let center, let radius, let fill, let outline, let relief):
      .disc(center: center + way, radius: radius, fill: fill, outline: outline, relief: moved(relief))
    case .polygon(let corners, let fill, let outline, let relief):
      .polygon(corners.map { $0 + way }, fill: fill, outline: outline, relief: moved(relief))
    case .polyline(let path, let width, let color, let roundedCaps):
      .polyline(path.map { $0 + way }, width: width, color: color, roundedCaps: roundedCaps)
    case .text(let text, let place, let height, let color, let anchor):
      .text(text, at: place + way, height: height, color: color, anchor: anchor)
    }
  }
}

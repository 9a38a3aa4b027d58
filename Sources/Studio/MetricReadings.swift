// What the task itself measures, for the panel.

import Foundation
import PlanarArmEnvironments
import PlanarViewer

extension DrawableEnvironment {
  /// The task's own measures of the episode so far, such as `Final coverage  0.412`.
  var metricReadings: [Reading] {
    metrics.sorted { $0.key < $1.key }.map { name, value in
      let words = name.replacingOccurrences(of: "_", with: " ")
      return Reading(
        words.prefix(1).uppercased() + words.dropFirst(), String(format: "%.3g", value))
    }
  }
}

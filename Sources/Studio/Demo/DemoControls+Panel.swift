// The panel of a demo: command, pilots, figures, keys.

import Foundation
import PlanarViewer

extension DemoControls {
  /// The panel as it is now.
  public var panel: PanelModel {
    PanelModel(
      title: "Planar",
      subtitle: "\(session.world.name) · \(session.world.randomization) randomization",
      items: commandItems + pilotItems + figureItems, hints: hints,
      card: isHelpShown ? helpCard : nil)
  }

  private var commandItems: [PanelItem] {
    var items: [PanelItem] = [
      .heading("Command"),
      .paragraph(session.command),
      .field(field, placeholder: "type another"),
    ]
    if let message { items.append(.message(message.text, tone: message.tone)) }
    return items
  }

  private var pilotItems: [PanelItem] {
    let choices = session.pilots.enumerated().map { index, pilot in
      Choice(
        id: pilot.name, label: pilot.name, detail: pilot.detail,
        key: index < 9 ? String(index + 1) : "", isChosen: index == session.pilotIndex)
    }
    return [.heading("Policy"), .choices(choices)]
  }

  private var figureItems: [PanelItem] {
    let statistics = session.pilotStatistics
    let seconds = Double(session.stepsLeft) * session.world.controlPeriod
    return [
      .heading(isPaused ? "Episode, paused" : "Episode"),
      .readings(
        [
          Reading("Episode", "\(session.episode)"),
          Reading("Time left", String(format: "%.1f s", seconds)),
          Reading(
            "Succeeded", statistics.attempts == 0 ? "–" : "\(statistics.successes) of \(statistics.attempts)"),
          Reading(
            "Inference",
            session.lastInference.map { String(format: "%.2f ms", Double(microseconds($0)) / 1000) }
              ?? "–"),
        ] + session.world.metricReadings),
    ]
  }

  private var hints: [KeyHint] {
    [
      KeyHint("Letters", "Command"), KeyHint("Ctrl-N", "Next scene"), KeyHint("Space", isPaused ? "Go on" : "Pause"),
      KeyHint(".", "Single step"), KeyHint("Ctrl-R", "Repeat scene"), KeyHint("Ctrl-E", "Environment"),
      KeyHint("Ctrl-G", "Randomization"), KeyHint("Ctrl-I", "Camera"), KeyHint("Ctrl-H", "Help"),
    ]
  }

  private var helpCard: HelpCard {
    HelpCard(
      title: "Keys",
      hints: [
        KeyHint("Letters", "Type a command; Enter gives it, Esc clears it"),
        KeyHint("Ctrl-N", "Next scene"),
        KeyHint("Ctrl-R", "Repeat this scene from its start"),
        KeyHint("Space", isPaused ? "Go on" : "Pause"),
        KeyHint(".", "One control step (also Ctrl-S)"),
        KeyHint("Tab", "Next policy; digits choose one"),
        KeyHint("Ctrl-E", "Next environment (with Shift: the one before)"),
        KeyHint("Ctrl-G", "Next level of randomization, same scene"),
        KeyHint("Ctrl-L", "Commands in English, Korean, or both, same scene"),
        KeyHint("Ctrl-I", "What the camera sees, beside the scene"),
        KeyHint("Mouse", "Drag a thing; the wheel zooms, Ctrl-Z shows all"),
        KeyHint("Ctrl-P", "Save a picture of the window"),
        KeyHint("Ctrl-H", "Show or hide this card"),
        KeyHint("Ctrl-Q", "Quit"),
      ],
      lines: [
        "The dots are the predicted action chunk: where the policy will bring the tip. Filled dots are executed before it looks again; hollow ones are only foreseen. Policies do not see them."
      ])
  }
}

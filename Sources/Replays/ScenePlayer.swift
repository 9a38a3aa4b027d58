// Films side by side in a page, with one slider: a small script draws them, and nothing is fetched.

import Foundation
import PlanarEvaluation
import PlanarSceneDrawing

extension HTMLReport {
  /// Appends films of the same scene, side by side.
  ///
  /// On paper, and where scripts are off, a strip of pictures of each stands in their place.
  ///
  /// - Parameter films: at least one.
  package mutating func player(_ films: [SceneFilm], caption: String) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Nothing in a script may look like its end.
    let json = String(decoding: (try? encoder.encode(films)) ?? Data("[]".utf8), as: UTF8.self).replacingOccurrences(
      of: "<", with: "\\u003c")
    let canvases = films.map { film in
      """
      <div class="film"><strong>\(escaped(film.title))</strong>
      <canvas width="480" height="\(480 * film.bounds[3] / max(1, film.bounds[2]))" role="img" aria-label="\(escaped(film.title)): \(escaped(film.caption))"></canvas>
      <span>\(escaped(film.caption))</span></div>
      """
    }
    embed(
      """
      <figure class="player">
      <div class="films">\(canvases.joined(separator: "\n"))</div>
      <div class="controls"><button type="button">Play</button>
      <input type="range" min="0" max="\(max(0, (films.map(\.frames.count).max() ?? 1) - 1))" value="0" aria-label="time">
      <output>0 s</output></div>
      <div class="strips">\(films.map(\.strip).joined(separator: "\n"))</div>
      \(caption.isEmpty ? "" : "<figcaption>\(escaped(caption))</figcaption>")
      <script type="application/json">\(json)</script>
      </figure>

      """, once: Self.playerScript)
  }

  /// Draws every player of the page.
  private static let playerScript = """
    <style>
    .films { display: flex; flex-wrap: wrap; gap: 1rem; }
    .film { flex: 1 1 16rem; max-width: 30rem; min-width: 0; }
    .film canvas { width: 100%; height: auto; display: block; border-radius: 4px; }
    .film span { font-size: 0.9rem; opacity: 0.8; }
    .controls { display: flex; gap: 0.8rem; align-items: center; max-width: 61rem; margin: 0.6rem 0; }
    .controls input { flex: 1; min-width: 0; }
    .controls button { min-width: 4.5rem; padding: 0.3rem 0.8rem; font: inherit; }
    .controls output { min-width: 4rem; font-variant-numeric: tabular-nums; }
    .strip { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: 0.5rem; margin: 0.4rem 0 1rem; }
    .strip svg { width: 100%; height: auto; display: block; border-radius: 3px; }
    .strip span { font-size: 0.85rem; }
    .player:has(.film:only-child) .controls { max-width: 30rem; }
    .strips { display: none; }
    @media print { .films, .controls { display: none; } .strips { display: block; } }
    </style>
    <noscript><style>.films, .controls { display: none; } .strips { display: block; }</style></noscript>
    <script>
    \(PageDrawing.script)
    document.addEventListener("DOMContentLoaded", () => {
      for (const player of document.querySelectorAll(".player")) {
        const films = JSON.parse(player.querySelector("script").textContent);
        const canvases = [...player.querySelectorAll("canvas")];
        const [button, slider, output] = ["button", "input", "output"].map((name) => player.querySelector(name));
        const lists = films.map((film) => {
          let items = [];
          return film.frames.map((changes) => {
            items = applyChanges(items, changes);
            return items;
          });
        });
        function show() {
          const frame = Number(slider.value);
          canvases.forEach((canvas, i) => drawScene(canvas, films[i], lists[i][Math.min(frame, lists[i].length - 1)]));
          output.textContent = `${(frame / films[0].rate).toFixed(1)} s`;
        }
        let timer = null;
        button.addEventListener("click", () => {
          if (timer) { clearInterval(timer); timer = null; button.textContent = "Play"; return; }
          if (slider.value === slider.max) slider.value = 0;
          button.textContent = "Pause";
          timer = setInterval(() => {
            if (slider.value === slider.max) return button.click();
            slider.value = Number(slider.value) + 1;
            show();
          }, 1000 / films[0].rate);
        });
        slider.addEventListener("input", show);
        show();
      }
    });
    </script>
    """
}

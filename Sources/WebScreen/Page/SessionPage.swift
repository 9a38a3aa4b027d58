// The page of a session: one text, which fetches nothing.

import PlanarSceneDrawing

/// The page that every browser gets.
enum SessionPage {
  /// The page, with the number that its scripts and styles must bear to be run.
  static func html(nonce: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <title>Planar</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,">
    <style nonce="\(nonce)">
    \(style)
    </style>
    </head>
    <body>
    <div id="notice" role="status" class="calm">Connecting to the session …</div>
    <noscript>This page needs JavaScript, which is switched off in this browser.</noscript>
    <main>
    <section id="stage" aria-label="Scene">
      <div id="badge" role="status" hidden></div>
      <div id="banner" hidden>
        <strong></strong><span></span><progress max="1" hidden aria-label="time left"></progress>
      </div>
      <div id="views">
        <canvas id="scene" role="img" aria-label="The scene, seen from above" width="600" height="500"></canvas>
        <figure id="picture" hidden><img alt="What the camera sees"><figcaption></figcaption></figure>
      </div>
      <div id="time" hidden>
        <div id="curves"></div>
        <input id="bar" type="range" step="1" aria-label="Time">
        <svg id="marks" aria-hidden="true" preserveAspectRatio="none"></svg>
        <div class="line"><span id="now"></span><span id="pace"></span></div>
      </div>
      <div id="hints"></div>
    </section>
    <section id="panel" aria-label="Panel">
      <h1></h1>
      <p id="subtitle"></p>
      <div id="items"></div>
    </section>
    </main>
    <dialog id="card" aria-labelledby="card-title"></dialog>
    <script nonce="\(nonce)">
    "use strict";
    \(PageDrawing.script)
    \(script)
    </script>
    </body>
    </html>
    """
  }
}

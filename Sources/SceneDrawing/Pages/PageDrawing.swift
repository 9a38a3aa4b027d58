// The script that draws page items on a canvas, for every page that shows a scene.

/// What pages need to draw scenes.
package enum PageDrawing {
  /// Two functions in JavaScript.
  ///
  /// `applyChanges(items, changes)` gives the next list of items, as `[String].apply` does.
  ///
  /// `drawScene(canvas, scene, items)` draws them over all of the canvas. `scene.bounds` are left, bottom, width and
  /// height of what is shown, mm; `scene.background` is the colour under everything, and `scene.table`, where it is there,
  /// a picture over it, which covers `scene.extent`, like the bounds.
  package static let script = """
    function applyChanges(items, changes) {
      const next = items.slice();
      for (const change of changes) {
        const space = change.indexOf(" ");
        const [place, item] = [Number(change.slice(0, space)), change.slice(space + 1)];
        if (item === "=") next.length = place; else next[place] = item;
      }
      return next;
    }
    function drawScene(canvas, scene, items) {
      const context = canvas.getContext("2d");
      const [left, bottom, width] = scene.bounds;
      const scale = canvas.width / width;
      const x = (value) => (value / 10 - left) * scale;
      const y = (value) => canvas.height - (value / 10 - bottom) * scale;
      context.fillStyle = scene.background;
      context.fillRect(0, 0, canvas.width, canvas.height);
      if (scene.table) {
        const [tableLeft, tableBottom, tableWidth, tableHeight] = scene.extent;
        context.drawImage(
          scene.table, x(10 * tableLeft), y(10 * (tableBottom + tableHeight)), tableWidth * scale, tableHeight * scale);
      }
      for (const item of items) {
        const words = item.split(" ");
        const numbers = words[1].split(",").map(Number);
        context.beginPath();
        if (words[0] === "t") {
          context.fillStyle = words[2];
          context.textAlign = words[3];
          context.textBaseline = "middle";
          context.font = `${(numbers[2] / 10) * scale}px system-ui, sans-serif`;
          context.fillText(words.slice(4).join(" "), x(numbers[0]), y(numbers[1]));
          continue;
        }
        if (words[0] === "d") {
          context.arc(x(numbers[0]), y(numbers[1]), Math.max(0, (numbers[2] / 10) * scale), 0, 7);
        } else {
          for (let i = 0; i + 1 < numbers.length; i += 2) context.lineTo(x(numbers[i]), y(numbers[i + 1]));
        }
        if (words[0] === "p") context.closePath();
        if (words[0] !== "l") { context.fillStyle = words[2]; context.fill(); }
        const line = words[0] === "l" ? words.slice(2) : words.slice(3);
        if (line.length === 2) {
          context.strokeStyle = line[0];
          context.lineWidth = (Number(line[1]) / 10) * scale;
          context.lineJoin = context.lineCap = "round";
          context.stroke();
        }
      }
    }
    """
}

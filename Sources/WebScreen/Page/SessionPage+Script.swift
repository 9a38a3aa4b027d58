// What a session's page does: it shows what it is sent, and sends what a person does.

extension SessionPage {
  /// Runs behind `PageDrawing.script`.
  static let script = """
    const byId = (id) => document.getElementById(id);
    const canvas = byId("scene"), bar = byId("bar"), notice = byId("notice"), card = byId("card"), list = byId("items");
    const make = (name, properties = {}, ...children) => {
      const element = Object.assign(document.createElement(name), properties);
      element.append(...children);
      return element;
    };
    const setText = (element, text) => { if (element.textContent !== text) element.textContent = text; };
    const say = (text) => { setText(notice, text); notice.className = ""; };
    window.addEventListener("error", (event) => say(`The page has met an error: ${event.message}`));
    window.addEventListener("unhandledrejection", (event) => say(`The page has met an error: ${event.reason}`));

    // What is shown: the parts and items of the newest message.
    let parts = {}, items = [], changed = new Set(), number = 0, isDue = false, frames = 0;
    let scene = { bounds: [0, 0, 1, 1], background: "#ffffff" };

    // MARK: The connection

    const token = new URLSearchParams(location.search).get("token") ?? "";
    let socket = null, wait = 500, isOver = false;

    function send(kind, fields = {}) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ kind, ...fields }));
    }

    function connect() {
      socket = new WebSocket(`ws://${location.host}/socket?token=${encodeURIComponent(token)}`);
      socket.onopen = () => {
        [parts, items, wait] = [{}, [], 500];
        say("");
        if (field.input && field.input.value) send("typing", { isOn: true });
      };
      socket.onmessage = (event) => {
        const message = JSON.parse(event.data);
        number = message.number;
        items = applyChanges(items, message.items);
        for (const [name, value] of Object.entries(message.parts)) {
          if (value === null) delete parts[name]; else parts[name] = value;
          changed.add(name);
        }
        if (!isDue) { isDue = true; requestAnimationFrame(show); }
      };
      socket.onclose = async (event) => {
        if (event.code === 1001 && event.reason) {
          isOver = true;
          return say(`${event.reason} Start planar demo --web again, and open the address that it prints.`);
        }
        say(["The connection to the session is lost.", event.reason, "Trying again …"].filter(Boolean).join(" "));
        setTimeout(connect, wait);
        wait = Math.min(2 * wait, 5000);
        const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
        if (answer && !answer.ok) say(await answer.text());
      };
    }

    // MARK: Showing

    function show() {
      isDue = false;
      const names = changed;
      changed = new Set();
      try {
        for (const name of names) (showPart[name] ?? showItem)(parts[name], name);
        if (names.has("count")) while (list.children.length > parts.count) list.lastChild.remove();
        drawScene(canvas, scene, items);
      } finally {
        document.body.dataset.frames = ++frames;
        send("drawn", { number });
      }
    }

    const showPart = {
      count() {},
      title(text) { setText(document.querySelector("h1"), text); document.title = text; },
      subtitle(text) { setText(byId("subtitle"), text); },
      scene(value) {
        Object.assign(scene, value);
        canvas.style.setProperty("--shape", String(value.bounds[2] / value.bounds[3]));
        fit();
      },
      table(value) {
        if (!value) { scene.table = null; return; }
        const image = new Image();
        image.src = value.image;
        image.decode().then(() => {
          if (parts.table !== value) return;
          [scene.table, scene.extent] = [image, value.extent];
          drawScene(canvas, scene, items);
        });
      },
      picture(value) {
        byId("picture").hidden = !value;
        if (!value) return;
        document.querySelector("#picture img").src = value.image;
        setText(document.querySelector("#picture figcaption"), value.caption);
      },
      banner(value) {
        const banner = byId("banner");
        banner.hidden = !value;
        if (!value) return;
        const [text, detail, progress] = banner.children;
        setText(text, value.text);
        setText(detail, value.detail);
        detail.className = value.tone;
        progress.hidden = value.share === undefined;
        progress.value = value.share ?? 0;
      },
      badge(value) {
        byId("badge").hidden = !value;
        setText(byId("badge"), value ?? "");
      },
      timeline(value) {
        byId("time").hidden = !value;
        if (!value) return;
        bar.min = value.first;
        bar.max = value.end;
        if (!isScrubbing) bar.value = value.position;
        bar.setAttribute("aria-valuetext", value.label);
        setText(byId("now"), value.label);
        setText(byId("pace"), value.detail);
        const length = Math.max(1, value.end - value.first);
        const path = (element, box, d) => {
          element.setAttribute("viewBox", box);
          if (!element.firstChild) element.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
          element.firstChild.setAttribute("d", d);
        };
        path(byId("marks"), `0 0 ${length} 1`, value.marks.map((mark) => `M${mark - value.first} 0V1`).join(""));
        const curves = byId("curves");
        while (curves.children.length > value.curves.length) curves.lastChild.remove();
        value.curves.forEach((curve, index) => {
          let figure = curves.children[index];
          if (!figure) {
            const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
            picture.setAttribute("preserveAspectRatio", "none");
            picture.setAttribute("aria-hidden", "true");
            figure = make("figure", {}, make("figcaption"), picture);
            curves.append(figure);
          }
          figure.className = `ink${curve.ink}`;
          setText(figure.firstChild, curve.label);
          let d = "";
          for (let i = 0; i + 1 < curve.points.length; i += 2) {
            d += `${i ? "L" : "M"}${curve.points[i] - value.first} ${1 - Math.min(1, Math.max(0, curve.points[i + 1]))}`;
          }
          path(figure.lastChild, `0 0 ${length} 1`, d);
        });
      },
      hints(value) {
        byId("hints").replaceChildren(...value.filter(({ key }) => hasMouse || key !== "Letters").map(hint));
      },
      card(value) {
        if (!value) return card.close();
        const rows = value.hints.flatMap((hint) => [
          make("dt", {}, ...hint.key.split(", ").map((key) => make("kbd", { textContent: key }))),
          make("dd", { textContent: hint.meaning }),
        ]);
        card.replaceChildren(
          make("h2", { id: "card-title", textContent: value.title, tabIndex: -1, autofocus: true }),
          make("dl", {}, ...rows),
          ...value.lines.map((textContent) => make("p", { textContent })),
          make("button", { type: "button", textContent: "Close", onclick: () => send("key", { key: "escape" }) }));
        if (!card.open) card.showModal();
      },
    };

    // A key that can be pressed by a click too: one button for each, and what they do.
    function hint({ key, meaning }) {
      const keys = key.split(" ");
      const press = keys.map(pressing);
      if (press.some((action) => !action)) return make("span", {}, make("kbd", { textContent: key }), meaning);
      if (keys.length === 1) {
        return make("button", { type: "button", onclick: press[0] }, make("kbd", { textContent: key }), ` ${meaning}`);
      }
      const words = meaning.split(", ");
      const buttons = keys.map((textContent, i) => {
        const button = make("button", { type: "button", textContent, onclick: press[i] });
        button.setAttribute("aria-label", words.length === keys.length ? words[i] : `${meaning} ${textContent}`);
        return button;
      });
      return make("span", {}, ...buttons, meaning);
    }

    function pressing(name) {
      const letter = /^Alt-([A-Z])$/.exec(name)?.[1].toLowerCase();
      if (letter) return () => send("key", { key: letter, alt: true });
      const key = { Space: "space", "←": "left", "→": "right", Home: "home", End: "end", ".": "period" }[name];
      if (key) return () => send("key", { key });
      const text = { "−": "-", "+": "+", "?": "?" }[name];
      if (text) return () => send("character", { text });
      return name === "Letters" ? () => field.input?.focus() : null;
    }

    // MARK: The panel's blocks

    const field = { input: null, given: null, known: "", commands: 0, isTyping: false };

    function showItem(value, name) {
      const place = Number(name.slice(4));
      if (!name.startsWith("item") || !value) return;
      while (list.children.length <= place) list.append(make("div"));
      const shape = value.kind + (value.rows ?? []).map((row) => `\\n${row.id ?? row.label}`).join("");
      let box = list.children[place];
      if (box.shape !== shape) {
        const next = make("div", { shape });
        box.replaceWith(next);
        box = next;
        (blocks[value.kind] ?? (() => {}))(box, value, place);
      }
      box.update?.(value);
    }

    const blocks = {
      heading(box) {
        const heading = box.appendChild(make("h2"));
        box.update = (value) => setText(heading, value.text);
      },
      paragraph(box) {
        const text = box.appendChild(make("p", { className: "paragraph" }));
        text.setAttribute("aria-live", "polite");
        box.update = (value) => { text.style.minHeight = `${1.45 * value.lines}em`; setText(text, value.text); };
      },
      message(box) {
        const text = box.appendChild(make("p"));
        text.setAttribute("role", "status");
        box.update = (value) => {
          text.className = `message ${value.tone}`;
          text.style.minHeight = `${1.45 * value.lines}em`;
          setText(text, value.text);
        };
      },
      readings(box, { rows }) {
        const table = box.appendChild(make("dl"));
        const values = rows.map(({ label }) => {
          table.append(make("dt", { textContent: label }));
          return table.appendChild(make("dd"));
        });
        box.update = ({ rows }) => rows.forEach((row, i) => setText(values[i], row.detail));
      },
      choices(box, value, place) { rows(box, value, place, "radio", "choice"); },
      switches(box, value, place) { rows(box, value, place, "checkbox", "switch"); },
      sliders(box, { rows }) {
        const parts = rows.map((row) => {
          const input = make("input", { type: "range", min: 0, max: 1, step: 0.001 });
          input.setAttribute("aria-label", row.label);
          const detail = make("span", { className: "detail" });
          const line = box.appendChild(make("label", { className: "slider" }, make("span", { textContent: row.label }), input, detail));
          let isHeld = false;
          input.addEventListener("input", () => { isHeld = true; send("slid", { text: row.id, share: Number(input.value) }); });
          input.addEventListener("change", () => { isHeld = false; });
          return { input, detail, line, isHeld: () => isHeld };
        });
        box.update = ({ rows }) => rows.forEach((row, i) => {
          const part = parts[i];
          if (!part.isHeld()) part.input.value = row.share;
          part.input.setAttribute("aria-valuetext", row.detail);
          part.line.classList.toggle("set", row.isOn);
          setText(part.detail, row.detail);
        });
      },
      plot(box, { text }) {
        const detail = make("dd");
        box.append(make("dl", {}, make("dt", { textContent: text }), detail));
        const [high, low] = [make("span"), make("span")];
        const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
        picture.setAttribute("viewBox", "0 0 1 1");
        picture.setAttribute("preserveAspectRatio", "none");
        picture.setAttribute("role", "img");
        const [lines, curve] = [0, 1].map(() => picture.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "path")));
        lines.setAttribute("class", "marks");
        box.append(make("div", { className: "plot" }, make("div", {}, high, low), picture));
        box.update = (value) => {
          setText(detail, value.rows[0].detail);
          setText(high, value.high);
          setText(low, value.low);
          picture.setAttribute("aria-label", `${value.text}: ${value.rows[0].detail}`);
          lines.setAttribute("d", value.marks.map((mark) => `M${mark} 0V1`).join(""));
          let path = "";
          for (let i = 0; i + 1 < value.points.length; i += 2) path += `${i ? "L" : "M"}${value.points[i]} ${1 - value.points[i + 1]}`;
          curve.setAttribute("d", path);
        };
      },
      field(box, value) {
        const input = make("input", {
          type: "text", placeholder: value.placeholder, maxLength: 200, autocomplete: "off", spellcheck: false,
        });
        input.setAttribute("aria-label", "Command");
        input.setAttribute("enterkeyhint", "send");
        const form = make("form", {}, input, make("button", { type: "submit", textContent: "Give" }));
        box.append(form);
        field.input = input;
        input.addEventListener("input", tellTyping);
        // Commands that were given here; behind them what is being typed.
        const given = [""];
        let place = 0;
        input.addEventListener("keydown", (event) => {
          const next = place + ({ ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0);
          if (next === place || event.isComposing) return;
          event.preventDefault();
          if (next < 0 || next >= given.length) return;
          if (place === given.length - 1) given[place] = input.value;
          place = next;
          input.value = given[place];
          tellTyping();
        });
        form.addEventListener("submit", (event) => {
          event.preventDefault();
          if (!input.value.trim()) return;
          [field.given, field.isTyping] = [input.value, false];
          given.splice(-1, 1, input.value, "");
          place = given.length - 1;
          send("command", { text: input.value });
        });
        box.update = ({ text, commands }) => {
          const isAnswer = commands !== field.commands && field.given !== null;
          if (isAnswer ? input.value === field.given : input.value === field.known) input.value = text;
          [field.known, field.commands] = [text, commands];
          if (!isAnswer) return;
          field.given = null;
          field.isTyping = text !== "";
          if (field.isTyping) input.focus(); else tellTyping();
        };
        goHome();
      },
    };

    function rows(box, { rows }, place, type, kind) {
      box.setAttribute("role", type === "radio" ? "radiogroup" : "group");
      box.setAttribute("aria-label", list.children[place - 1]?.textContent ?? "");
      const parts = rows.map((row) => {
        const input = make("input", { type, name: `item${place}` });
        if (type === "checkbox") input.setAttribute("role", "switch");
        const [label, detail, key] = [make("span"), make("span", { className: "detail" }), make("kbd")];
        const line = box.appendChild(make("label", { className: "row" }, input, label, detail, key));
        input.addEventListener("change", () => send(kind, { text: row.id }));
        return { input, label, detail, key, line };
      });
      box.update = ({ rows }) => rows.forEach((row, i) => {
        const part = parts[i];
        part.input.checked = row.isOn;
        part.input.disabled = row.isEnabled === false;
        part.line.classList.toggle("off", row.isEnabled === false);
        part.line.classList.toggle("chosen", row.isOn && type === "radio");
        setText(part.label, row.label);
        setText(part.detail, row.detail);
        setText(part.key, row.key);
        part.key.hidden = !row.key;
      });
    }

    function tellTyping() {
      const isOn = field.input.value !== "";
      if (isOn === field.isTyping) return;
      field.isTyping = isOn;
      send("typing", { isOn });
    }

    // MARK: Mouse and touch

    const hasMouse = !matchMedia("(pointer: coarse)").matches;
    let isScrubbing = false, isByPointer = false, held = 0, lastMove = null;

    // The keyboard is at home in the field, so that every input method can begin there.
    function goHome() {
      if (hasMouse) field.input?.focus({ preventScroll: true });
    }
    document.addEventListener("pointerdown", () => { isByPointer = true; }, true);
    document.addEventListener("click", (event) => {
      const isControl = event.target.closest("button, label, input");
      if (isByPointer && event.detail && !card.open && isControl && event.target !== field.input) goHome();
    });

    function fit() {
      const density = Math.min(devicePixelRatio || 1, 3);
      const width = Math.max(1, Math.round(canvas.clientWidth * density));
      const height = Math.max(1, Math.round((width * scene.bounds[3]) / scene.bounds[2]));
      if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    }
    new ResizeObserver(() => { fit(); drawScene(canvas, scene, items); }).observe(canvas);

    function place(event) {
      const box = canvas.getBoundingClientRect();
      const [left, bottom, width, height] = scene.bounds;
      return {
        x: (left + ((event.clientX - box.left) / box.width) * width) / 1000,
        y: (bottom + (1 - (event.clientY - box.top) / box.height) * height) / 1000,
      };
    }
    canvas.addEventListener("mousedown", (event) => event.preventDefault());
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    // A second button comes as a move.
    function tellButtons(event, now) {
      for (const [bit, button] of [[1, 0], [2, 2], [4, 1]]) {
        if ((now ^ held) & bit) send(now & bit ? "press" : "release", { ...place(event), button });
      }
      held = now;
    }
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      tellButtons(event, event.buttons);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.buttons !== held) tellButtons(event, event.buttons);
      if (!lastMove) requestAnimationFrame(() => { send("move", lastMove); lastMove = null; });
      lastMove = place(event);
    });
    canvas.addEventListener("pointerup", (event) => tellButtons(event, event.buttons));
    canvas.addEventListener("pointercancel", (event) => tellButtons(event, 0));
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      send("scroll", { ...place(event), turn: Math.max(-4, Math.min(4, -event.deltaY / (event.deltaMode ? 3 : 100))) });
    }, { passive: false });

    bar.addEventListener("pointerdown", () => { isScrubbing = true; });
    bar.addEventListener("input", () => send("scrub", { number: Number(bar.value) }));
    for (const name of ["pointerup", "pointercancel", "blur"]) {
      bar.addEventListener(name, () => {
        isScrubbing = false;
        // Behind the last step there is nothing to show.
        setTimeout(() => { if (!isScrubbing && parts.timeline) bar.value = parts.timeline.position; }, 300);
        if (name === "pointerup") setTimeout(goHome);
      });
    }

    // MARK: Keys

    card.addEventListener("cancel", (event) => { event.preventDefault(); send("key", { key: "escape" }); });
    document.addEventListener("keydown", (event) => {
      isByPointer = false;
      if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || isOver) return;
      const take = (kind, fields) => {
        event.preventDefault();
        send(kind, fields);
      };
      if (event.altKey) {
        const name = /^[a-z]$/i.test(event.key) ? event.key : /^Key([A-Z])$/.exec(event.code)?.[1];
        if (name && !event.repeat) take("key", { key: name.toLowerCase(), alt: true, shift: event.shiftKey });
        else if (name) event.preventDefault();
        return;
      }
      if (card.open) return;
      const { target, key } = event;
      const isInField = target === field.input;
      if (key === "Escape") {
        if (isInField) { target.value = ""; field.isTyping = false; }
        return take("key", { key: "escape" });
      }
      if (isInField && target.value !== "") return;
      const isControl = !isInField && target.closest("button, input, a") !== null;
      const moves = { ArrowLeft: "left", ArrowRight: "right", Home: "home", End: "end" };
      if (moves[key] && !(isControl && target.matches("input"))) {
        return take("key", { key: moves[key], shift: event.shiftKey });
      }
      if (event.repeat) return;
      if (key === " " && !isControl) return take("key", { key: "space" });
      if (key === "." || /^[0-9]$/.test(key)) return take("key", { key: key === "." ? "period" : key });
      if ("+-=[]?".includes(key)) return take("character", { text: key });
      if (key === "/" || (key === "Enter" && !isControl && !isInField)) {
        event.preventDefault();
        return field.input?.focus();
      }
      if (key.length === 1 && /\\p{L}/u.test(key) && !isInField) field.input?.focus();
    });

    connect();
    """
}

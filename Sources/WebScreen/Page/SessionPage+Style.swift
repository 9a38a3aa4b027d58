// How a session's page looks: light or dark, wide or on a phone.

extension SessionPage {
  /// Good and bad differ by their signs too, and by colours that everybody tells apart.
  static let style = """
    :root {
      --surround: #e7e5e1; --panel: #faf9f7; --field: #ffffff; --line: #d3cfc7; --ink: #26282c; --quiet: #5d6066;
      --accent: #2a62a6; --on-accent: #ffffff; --good: #0b6b78; --bad: #a93a22; --hover: #00000010;
      --curve1: #0b6b78; --curve2: #6a3fb5; --curve3: #7a5a00;
      font: 15px/1.45 system-ui, "Noto Sans", "Noto Sans CJK KR", sans-serif;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --surround: #17181a; --panel: #212326; --field: #121315; --line: #44484d; --ink: #e9e7e3; --quiet: #a8abb0;
        --accent: #7fb2ee; --on-accent: #10151b; --good: #5cc3d0; --bad: #f0917a; --hover: #ffffff14;
        --curve1: #5cc3d0; --curve2: #b79cf0; --curve3: #e0bf5c;
      }
    }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    html { height: 100%; }
    body { margin: 0; min-height: 100%; background: var(--surround); color: var(--ink); }
    main { display: grid; grid-template-columns: minmax(0, 1fr) 22rem; min-height: 100dvh; }
    #notice { position: fixed; inset: 0 0 auto; z-index: 2; padding: 0.6rem 1rem; background: var(--bad); color: var(--panel);
      font-weight: 600; text-align: center; }
    #notice:empty { display: none; }
    #notice.calm { background: var(--panel); color: var(--ink); border-bottom: 1px solid var(--line); }
    noscript { display: block; padding: 1rem; }

    #stage { padding: 1rem; display: flex; flex-direction: column; gap: 0.7rem; min-width: 0; position: sticky; top: 0;
      align-self: start; }
    #badge { position: absolute; top: 0.4rem; right: 0.4rem; padding: 0.1rem 0.7rem; border-radius: 1rem; background: var(--panel);
      border: 1px solid var(--line); font-weight: 600; font-variant-numeric: tabular-nums; }
    #badge::before { content: "● "; color: #d42a1e; }
    #banner strong { display: block; font-size: 1.5rem; text-align: center; }
    #banner span { display: block; text-align: center; }
    #banner progress { width: 100%; accent-color: var(--accent); }
    #views { display: flex; gap: 1rem; justify-content: center; align-items: flex-start; }
    #scene { --shape: 1.2; width: min(100%, calc((100dvh - 11.5rem) * var(--shape))); aspect-ratio: var(--shape);
      min-width: 0; display: block; border-radius: 6px; border: 1px solid var(--line); touch-action: none; cursor: crosshair; }
    #picture { margin: 0; flex: 0 0 34%; text-align: center; color: var(--quiet); font-size: 0.85rem; }
    #picture img { width: 100%; image-rendering: pixelated; display: block; border: 1px solid var(--line); }
    #time { padding: 0 0.2rem; }
    #time svg { display: block; width: calc(100% - 16px); margin: 0 8px; overflow: visible; }
    #curves figure { margin: 0; }
    #curves svg { height: 24px; border-bottom: 1px solid var(--line); }
    #curves figcaption { margin: 0 8px; font-size: 0.8rem; }
    #marks { height: 6px; }
    #bar { display: block; width: 100%; height: 1.5rem; margin: 0; accent-color: var(--accent); }
    #time .line { display: flex; gap: 1rem; color: var(--quiet); font-size: 0.85rem; font-variant-numeric: tabular-nums; }
    #now { flex: 1; }
    #curves path { stroke-width: 1.5; fill: none; vector-effect: non-scaling-stroke; }
    #curves .ink0 { color: var(--bad); } #curves .ink1 { color: var(--curve1); }
    #curves .ink2 { color: var(--curve2); } #curves .ink3 { color: var(--curve3); }
    #curves path { stroke: currentColor; }
    #marks path { stroke: var(--quiet); stroke-width: 1; vector-effect: non-scaling-stroke; }
    #hints { display: flex; flex-wrap: wrap; gap: 0.4rem 0.6rem; align-items: center; font-size: 0.85rem; }
    #hints span { display: inline-flex; gap: 0.3rem; align-items: center; color: var(--quiet); }

    button { font: inherit; color: var(--ink); background: var(--panel); border: 1px solid var(--line); border-radius: 7px;
      padding: 0.25rem 0.6rem; min-height: 2rem; cursor: pointer; }
    button:hover { background: linear-gradient(var(--hover), var(--hover)), var(--panel); }
    kbd { font: inherit; font-size: 0.8rem; padding: 0 0.35rem; border: 1px solid var(--line); border-radius: 5px;
      background: var(--field); color: var(--ink); white-space: nowrap; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

    #panel { background: var(--panel); border-left: 1px solid var(--line); padding: 1.2rem 1.4rem; min-width: 0; }
    @media (min-width: 52.01rem) { #panel { position: sticky; top: 0; height: 100dvh; overflow-y: auto; } }
    h1 { font-size: 1.3rem; line-height: 1.2; margin: 0; }
    #subtitle { margin: 0.1rem 0 0; color: var(--quiet); }
    h2 { font-size: 0.8rem; color: var(--quiet); margin: 1.1rem 0 0.3rem; }
    .paragraph { margin: 0 0 0.4rem; font-size: 1.05rem; overflow-wrap: anywhere; }
    .message { margin: 0.4rem 0; padding-left: 0.7rem; border-left: 3px solid var(--line); color: var(--quiet);
      overflow-wrap: anywhere; }
    .message.good { border-color: var(--good); color: var(--good); }
    .message.bad { border-color: var(--bad); color: var(--bad); }
    .good::before { content: "✓ "; }
    .bad::before { content: "! "; font-weight: 700; }
    form { display: flex; gap: 0.4rem; margin: 0; }
    form input { flex: 1; min-width: 0; font: inherit; font-size: 16px; padding: 0.45rem 0.6rem; color: var(--ink);
      background: var(--field); border: 1px solid var(--line); border-radius: 7px; }
    form button { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
    form button:hover { background: var(--accent); filter: brightness(1.08); }
    dl { display: grid; grid-template-columns: auto auto; margin: 0; gap: 0.1rem 1rem; }
    dt { color: var(--quiet); }
    dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; }
    .row { display: flex; gap: 0.55rem; align-items: center; margin: 0 -0.6rem; padding: 0.22rem 0.6rem; border-radius: 7px;
      cursor: pointer; }
    .row:hover { background: var(--hover); }
    .row.chosen { font-weight: 600; background: color-mix(in srgb, var(--accent) 13%, transparent); }
    .row input { margin: 0; accent-color: var(--accent); }
    .row .detail { flex: 1; color: var(--quiet); font-size: 0.85rem; font-weight: 400; overflow-wrap: anywhere; }

    .slider { display: grid; grid-template-columns: 8rem 1fr 5rem; gap: 0.6rem; align-items: center; color: var(--quiet); }
    .slider input { width: 100%; min-width: 0; accent-color: var(--accent); }
    .slider .detail { text-align: right; font-size: 0.85rem; font-variant-numeric: tabular-nums; }
    .slider.set .detail { color: var(--accent); font-weight: 600; }
    .plot { display: grid; grid-template-columns: 3rem 1fr; gap: 0.4rem; margin-bottom: 0.5rem; }
    .plot div { display: flex; flex-direction: column; justify-content: space-between; text-align: right; font-size: 0.75rem;
      color: var(--quiet); }
    .plot svg { width: 100%; height: 3.6rem; background: var(--field); border: 1px solid var(--line); border-radius: 4px; }
    .plot path { fill: none; stroke: var(--accent); stroke-width: 2; vector-effect: non-scaling-stroke; }
    .plot path.marks { stroke: var(--line); stroke-width: 1; }

    dialog { color: var(--ink); background: var(--panel); border: 1px solid var(--line); border-radius: 12px;
      max-width: min(40rem, 94vw); padding: 1.2rem 1.5rem; }
    dialog::backdrop { background: #00000070; }
    dialog h2 { font-size: 1.1rem; color: var(--ink); margin: 0 0 0.6rem; }
    dialog dl { grid-template-columns: max-content 1fr; gap: 0.35rem 1rem; }
    dialog dt, dialog dd { text-align: left; color: var(--ink); }
    dialog kbd { margin-right: 0.3rem; }
    dialog h2:focus { outline: none; }
    dialog p { color: var(--quiet); }

    @media (max-width: 52rem) {
      main { display: block; min-height: 0; }
      #stage { position: static; padding: 0.6rem; gap: 0.5rem; }
      #scene { width: min(100%, calc(60dvh * var(--shape))); }
      #views { flex-wrap: wrap; }
      #picture { flex-basis: 60%; }
      #panel { border-left: 0; border-top: 1px solid var(--line); padding: 0.9rem 1rem 2rem; }
      dialog dl { grid-template-columns: 1fr; gap: 0.1rem; }
      dialog dd { margin-bottom: 0.5rem; }
    }
    @media (pointer: coarse) {
      #hints kbd, .row kbd { display: none; }
      button { min-height: 2.6rem; min-width: 2.6rem; }
      .row { padding-block: 0.5rem; }
    }
    """
}

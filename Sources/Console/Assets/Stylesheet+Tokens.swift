extension Stylesheet {
    /// Colours, sizes and the bare elements. Both themes stand side by side in `light-dark()`, so neither can be forgotten.
    static let tokens = #"""
        :root {
          color-scheme: light dark;
          --ground: light-dark(#faf9f6, #151513);
          --surface: light-dark(#ffffff, #1d1d1a);
          --sunken: light-dark(#f3f1ec, #262622);
          --line: light-dark(#e5e2da, #34332f);
          --line-strong: light-dark(#8d887d, #7d796f);
          --text: light-dark(#1f1e1b, #eceae4);
          --quiet: light-dark(#615e56, #aaa69b);
          --accent: light-dark(#10606f, #72c5d3);
          --accent-strong: light-dark(#0b4a56, #97d9e4);
          --accent-ground: light-dark(#e2eff0, #16343a);
          --on-accent: light-dark(#ffffff, #06262c);
          --good: light-dark(#1c6a39, #7cc998);
          --good-ground: light-dark(#e6f3ea, #17301f);
          --caution: light-dark(#7a4f00, #e3b765);
          --caution-ground: light-dark(#fbf0da, #37290f);
          --critical: light-dark(#a52519, #f3998f);
          --critical-ground: light-dark(#fceae7, #421c18);
          --shadow: 0 1px 2px light-dark(#2b27200f, #00000040), 0 12px 40px light-dark(#2b272026, #00000080);
          --chart: light-dark(#2b7f90, #5eb3c2);
          --radius: 8px;
          --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
        }
        [data-theme="light"] { color-scheme: light; }
        [data-theme="dark"] { color-scheme: dark; }

        *, *::before, *::after { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; scrollbar-gutter: stable; }
        body {
          margin: 0; background: var(--ground); color: var(--text);
          font: 14px/20px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif;
          font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
        }
        h1, h2, h3, p, ul, ol, dl, dd, figure, pre, fieldset { margin: 0; padding: 0; }
        h1 { font-size: 22px; line-height: 28px; font-weight: 600; letter-spacing: -.012em; }
        h2 { font-size: 15px; line-height: 20px; font-weight: 600; letter-spacing: -.004em; }
        h3 { font-size: 13px; line-height: 20px; font-weight: 600; }
        ul, ol { list-style: none; }
        a { color: var(--accent); text-decoration: none; }
        a:hover { text-decoration: underline; text-underline-offset: 2px; }
        code, pre, kbd, textarea { font-family: var(--mono); font-size: 12.5px; }
        kbd {
          display: inline-block; min-width: 20px; padding: 0 5px; border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px;
          background: var(--surface); color: var(--quiet); font-size: 11px; line-height: 18px; text-align: center;
        }
        time { white-space: nowrap; }
        fieldset { border: 0; min-width: 0; }
        legend { padding: 0; font-weight: 500; margin-bottom: 4px; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
        main:focus { outline: none; }
        [hidden] { display: none !important; }
        .hidden {
          position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
        }
        .quiet { color: var(--quiet); }
        .num { white-space: nowrap; }
        .icon { flex: none; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; vertical-align: -3px; }
        .mark { flex: none; fill: var(--accent); }

        button, .button, input, select { font: inherit; color: inherit; }
        textarea { color: inherit; }
        button, .button {
          display: inline-flex; align-items: center; justify-content: center; gap: 6px; min-height: 32px; padding: 5px 12px;
          border: 1px solid var(--line); border-radius: 6px; background: var(--surface); color: var(--text);
          font-weight: 500; cursor: pointer; white-space: nowrap;
        }
        button:hover, .button:hover { background: var(--sunken); text-decoration: none; }
        .primary { background: var(--accent); border-color: transparent; color: var(--on-accent); }
        .primary:hover { background: var(--accent-strong); }
        .ghost { background: transparent; border-color: transparent; }
        .danger { color: var(--critical); }
        .danger:hover { background: var(--critical-ground); }
        .danger.solid { background: light-dark(#a52519, #b93a2d); border-color: transparent; color: #fff; }
        .danger.solid:hover { background: light-dark(#871c12, #9d2c20); }
        .icon-only { padding: 5px 7px; }
        .wide { width: 100%; }
        button[aria-pressed="true"] { background: var(--accent-ground); border-color: var(--accent); color: var(--accent-strong); }
        :disabled { opacity: .5; cursor: not-allowed; }

        @media (prefers-reduced-motion: reduce) {
          *, *::before, *::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
        }
        """#
}

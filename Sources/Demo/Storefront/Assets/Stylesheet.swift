extension Storefront {
    /// `/shop/assets/shop.css`.
    static let stylesheet = #"""
    :root { --paper: #f8f3e9; --card: #fffdf8; --ink: #2b2622; --soft: #675d53; --line: #e2d8c6; --green: #23513f; --green-dark: #173a2c; --berry: #8c2f45; color-scheme: light; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    html { -webkit-text-size-adjust: 100%; }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
    h1, h2, .brand, .card .name { font-family: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, "DejaVu Serif", serif; font-weight: 600; line-height: 1.15; letter-spacing: -.01em; }
    h1 { font-size: clamp(1.9rem, 5vw, 3rem); margin: 0 0 .5rem; }
    h2 { font-size: 1.4rem; margin: 3rem 0 1rem; }
    a { color: var(--green); text-underline-offset: .2em; }
    a:hover { color: var(--berry); }
    :focus-visible { outline: 3px solid var(--berry); outline-offset: 3px; border-radius: 4px; }
    .skip { position: absolute; left: -999px; }
    .skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem 1rem; z-index: 3; }
    .small { font-size: .875rem; color: var(--soft); }
    .lead { font-size: 1.1rem; color: var(--soft); max-width: 38rem; margin: 0 0 1.5rem; }
    code { font: .85em ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace; background: #efe7d6; padding: .15em .4em; border-radius: 4px; overflow-wrap: anywhere; }

    .top { display: flex; justify-content: space-between; align-items: center; gap: 1rem; padding: 1rem clamp(1rem, 4vw, 3rem); }
    .brand { display: flex; align-items: center; gap: .6rem; font-size: 1.3rem; color: var(--ink); text-decoration: none; white-space: nowrap; }
    .brand i { color: var(--berry); }
    .wren { color: var(--green); flex: none; }
    .top nav { display: flex; gap: clamp(.75rem, 3vw, 1.75rem); }
    .top nav a { color: var(--ink); text-decoration: none; padding: .4rem 0; white-space: nowrap; max-width: 12rem; overflow: hidden; text-overflow: ellipsis; }
    .top nav a:hover { color: var(--berry); }
    .count { display: inline-block; min-width: 1.4rem; padding: 0 .35rem; border-radius: 1rem; background: var(--berry); color: #fff; font-size: .8rem; line-height: 1.4rem; text-align: center; }
    .shelves { display: flex; gap: .25rem; overflow-x: auto; padding: 0 clamp(.5rem, 3.5vw, 2.5rem); border-bottom: 1px solid var(--line); scrollbar-width: none; }
    .shelves a { padding: .65rem .75rem; color: var(--soft); text-decoration: none; white-space: nowrap; border-bottom: 2px solid transparent; }
    .shelves a:hover { color: var(--ink); }
    .shelves a[aria-current] { color: var(--ink); border-color: var(--green); }

    main { max-width: 74rem; margin: 0 auto; padding: clamp(1.5rem, 4vw, 3rem) clamp(1rem, 4vw, 3rem); min-height: 55vh; }
    .hero { display: grid; grid-template-columns: 1fr 1.1fr; gap: 2rem; align-items: center; margin-bottom: 2.5rem; }
    .trio { display: grid; grid-template-columns: repeat(3, 1fr); gap: .75rem; }
    .trio svg:nth-child(2) { transform: translateY(-.9rem); }
    svg { display: block; max-width: 100%; }
    .grid { list-style: none; margin: 0; padding: 0; display: grid; gap: clamp(1rem, 2.5vw, 1.75rem); grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); }
    .card { display: flex; flex-direction: column; color: var(--ink); text-decoration: none; background: var(--card); border: 1px solid var(--line); border-radius: 18px; padding: .75rem .75rem 1rem; height: 100%; transition: transform .15s, box-shadow .15s; }
    .card:hover { color: var(--ink); transform: translateY(-3px); box-shadow: 0 10px 24px rgb(60 45 20 / .1); }
    .card .name { font-size: 1.1rem; margin-top: .75rem; }
    .card > span { padding: 0 .35rem; }
    .card > .stage { padding: 0; }
    .card .price { margin-top: auto; padding-top: .5rem; font-weight: 600; }
    .product { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: clamp(1.5rem, 5vw, 4rem); align-items: center; }
    .product .price { font-size: 1.4rem; font-weight: 600; }

    form { display: grid; gap: .9rem; }
    label { font-weight: 600; font-size: .9rem; }
    .field { display: grid; gap: .3rem; }
    .two { display: grid; grid-template-columns: 1fr 2fr; gap: .9rem; }
    .row { display: flex; gap: .75rem; }
    .row input[type=number] { width: 5.5rem; }
    .row button { white-space: nowrap; }
    input:not([type=checkbox]), select { font: inherit; color: inherit; background: #fff; border: 1px solid #a3967f; border-radius: 10px; padding: .65rem .8rem; width: 100%; min-height: 46px; }
    .check { display: flex; gap: .6rem; align-items: center; font-weight: 400; font-size: 1rem; min-height: 28px; }
    .check input { width: 1.2rem; height: 1.2rem; accent-color: var(--green); }
    button, .button { font: inherit; font-weight: 600; display: inline-block; background: var(--green); color: #fff; border: 1px solid var(--green); border-radius: 999px; padding: .65rem 1.5rem; min-height: 46px; cursor: pointer; text-decoration: none; }
    button:hover, .button:hover { background: var(--green-dark); color: #fff; }
    button.quiet { background: transparent; color: var(--green); }
    button.quiet:hover { background: #e9efe6; }
    button.plain { background: none; border: 0; padding: 0 .25rem; min-height: 28px; color: var(--green); text-decoration: underline; font-weight: 400; font-size: inherit; border-radius: 4px; }
    .narrow { max-width: 26rem; }
    .said { min-height: 1.6em; color: var(--green); font-weight: 600; margin: .5rem 0 0; }
    .columns { display: grid; grid-template-columns: 1fr minmax(0, 22rem); gap: 3rem; align-items: start; }
    aside { background: var(--card); border: 1px solid var(--line); border-radius: 18px; padding: 1.25rem; }
    .lines { list-style: none; margin: 0 0 1rem; padding: 0; }
    .lines li { display: flex; gap: .75rem; align-items: center; padding: .75rem 0; border-bottom: 1px solid var(--line); }
    .lines .what { flex: 1; min-width: 0; }
    .swatch { width: 18px; height: 24px; flex: none; }
    .sums { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1.5rem; margin: 0 0 1.5rem; max-width: 26rem; }
    .sums dt { color: var(--soft); }
    .sums dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    .sums .total { font-weight: 700; color: var(--ink); }

    footer { border-top: 1px solid var(--line); padding: 1.5rem clamp(1rem, 4vw, 3rem) 2.5rem; text-align: center; }
    footer p { margin: .25rem auto; max-width: 50rem; }
    .consent { position: sticky; bottom: 0; display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; justify-content: center; align-items: center; padding: .9rem 1rem; background: var(--card); border-top: 1px solid var(--line); box-shadow: 0 -6px 20px rgb(60 45 20 / .08); }
    .consent p { margin: 0; }
    .consent div { display: flex; flex-wrap: wrap; gap: .5rem; justify-content: center; }
    .consent button { padding: .4rem 1.1rem; min-height: 40px; }

    @media (max-width: 760px) {
      .hero, .product, .columns { grid-template-columns: minmax(0, 1fr); gap: 1.5rem; }
      .product .stage { max-width: 19rem; margin: 0 auto; width: 100%; }
      .grid { grid-template-columns: repeat(2, minmax(0, 1fr)); }
      .brand { font-size: 1.05rem; gap: .4rem; }
      .card { border-radius: 14px; padding: .5rem .5rem .8rem; }
      .card .name { font-size: 1rem; }
      .top nav a { max-width: 7rem; }
    }
    @media (max-width: 430px) {
      .brand { font-size: .95rem; }
      .wren { width: 28px; height: 24px; }
      .top { gap: .5rem; }
      .top nav { gap: .6rem; font-size: .9375rem; }
      .top nav a { max-width: 6rem; }
    }
    @media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
    """#
}

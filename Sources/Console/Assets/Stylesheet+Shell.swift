extension Stylesheet {
    /// The rail, the top bar, the place for the page, dialogs, the door.
    static let shell = #"""
        body { display: grid; grid-template-columns: 232px minmax(0, 1fr); min-height: 100vh; }
        .skip { position: absolute; left: 8px; top: -60px; z-index: 10; padding: 8px 12px; background: var(--surface); border-radius: 6px; }
        .skip:focus { top: 8px; }
        main { grid-column: 2; width: 100%; max-width: 1280px; padding: 32px 40px 80px; min-width: 0; }
        .topbar { display: none; }
        .brand { display: inline-flex; align-items: center; gap: 8px; color: var(--text); font-size: 16px; font-weight: 650; letter-spacing: -.015em; }
        .brand:hover { text-decoration: none; }

        .rail {
          grid-column: 1; grid-row: 1 / span 3; position: sticky; inset: 0 auto auto 0; display: flex; flex-direction: column; gap: 12px;
          width: 232px; height: 100vh; max-height: none; margin: 0; padding: 20px 12px 12px; overflow: hidden auto;
          border: 0; border-right: 1px solid var(--line); background: var(--ground); color: inherit;
        }
        .rail .brand { padding: 0 8px 4px; }
        .segmented { display: flex; gap: 2px; padding: 2px; border-radius: 7px; background: var(--sunken); }
        .segmented a {
          flex: 1 1 0; min-width: 0; min-height: 26px; padding: 3px 8px; border-radius: 5px; color: var(--quiet); font-weight: 500; text-align: center;
          overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
        }
        .segmented a:hover { color: var(--text); text-decoration: none; }
        .segmented a[aria-current] { background: var(--surface); color: var(--text); box-shadow: 0 0 0 1px var(--line); }
        .search { display: flex; align-items: center; position: relative; }
        .search button { position: absolute; left: 0; color: var(--quiet); min-height: 32px; }
        .search input {
          width: 100%; min-width: 0; height: 34px; padding: 4px 30px 4px 32px; border: 1px solid var(--line); border-radius: 7px; background: var(--surface);
        }
        .search input::placeholder { color: var(--quiet); opacity: 1; }
        .search kbd { position: absolute; right: 7px; pointer-events: none; }
        .search input:focus + kbd { display: none; }
        /* Its own scrolling keeps the foot in sight; the edge leaves room for the mark of the focus. */
        .places { position: relative; flex: 1 1 0; min-height: 160px; margin: 0 -4px; padding: 2px 4px; overflow: hidden auto; scrollbar-width: thin; }
        .places h2 { padding: 14px 8px 4px; color: var(--quiet); font-size: 12px; line-height: 16px; font-weight: 500; letter-spacing: 0; }
        .places a, .rail-button {
          display: flex; align-items: center; justify-content: flex-start; gap: 10px; width: 100%; min-height: 32px; padding: 6px 8px; border-radius: 6px;
          color: var(--text); font-weight: 450; border: 0;
        }
        .places a .icon, .rail-button .icon { color: var(--quiet); }
        .places a:hover, .rail-button:hover { background: var(--sunken); text-decoration: none; }
        .places a[aria-current] { background: var(--accent-ground); color: var(--accent-strong); font-weight: 550; letter-spacing: -.015em; }
        .places a[aria-current] .icon { color: inherit; }
        .rail-foot { border-top: 1px solid var(--line); padding-top: 8px; }

        [popover] { color: inherit; }
        .menu, .dialog, .drawer { border: 1px solid var(--line); background: var(--surface); box-shadow: var(--shadow); }
        .menu { inset: auto auto 60px 12px; width: 264px; margin: 0; padding: 16px; border-radius: 10px; }
        .menu h2 { font-size: 12px; font-weight: 500; color: var(--quiet); margin-bottom: 4px; }
        .menu .segmented { margin-bottom: 12px; }
        .dialog { width: min(480px, calc(100vw - 32px)); margin: auto; padding: 20px 24px 24px; border-radius: 12px; }
        .dialog::backdrop, .drawer::backdrop { background: light-dark(#1f1e1b4d, #000000a6); }
        .dialog-head { display: flex; align-items: flex-start; justify-content: space-between; gap: 12px; margin-bottom: 12px; }
        .dialog-head h2 { font-size: 16px; line-height: 32px; }
        .dialog .actions { margin-top: 16px; justify-content: flex-end; }
        .consequences { margin-bottom: 16px; }
        .consequences li { padding: 3px 0 3px 18px; position: relative; }
        .consequences li::before { content: ""; position: absolute; left: 3px; top: 11px; width: 6px; height: 6px; border-radius: 50%; background: var(--critical); }
        .drawer {
          inset: 0 0 0 auto; width: min(520px, 100vw); height: 100vh; max-height: none; margin: 0; padding: 20px 24px; border-width: 0 0 0 1px;
        }
        .drawer p { margin-bottom: 12px; }
        .keys { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 24px; }
        .keys div { display: flex; gap: 12px; padding: 4px 0; }
        .keys dt { min-width: 56px; }

        .door { display: grid; grid-template-columns: 1fr; place-items: center; align-content: center; gap: 24px; padding: 24px 16px; }
        .door main { grid-column: 1; max-width: 400px; padding: 0; }
        .door .brand { display: flex; justify-content: center; margin-bottom: 20px; font-size: 20px; }
        .door .mark { width: 36px; height: 36px; }
        .door h1 { margin-bottom: 12px; }
        .card { padding: 28px; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); }
        .card p { margin-bottom: 12px; }
        .card details { margin-top: 16px; }
        .card details p { margin: 8px 0; }
        .door-foot { display: flex; gap: 16px; }
        .door-foot a { color: var(--quiet); padding: 2px 0; }
        .door-foot a[aria-current] { color: var(--text); font-weight: 500; }
        """#
}

extension Stylesheet {
    /// One of each: head, notice, status, chip, table, field, code, empty place, tiles, tabs.
    static let parts = #"""
        .head { display: flex; align-items: flex-start; justify-content: space-between; gap: 16px 24px; flex-wrap: wrap; margin-bottom: 24px; }
        .head > .avatar { width: 44px; height: 44px; font-size: 17px; margin: 2px -8px 0 0; }
        .head > div:not(.actions) { min-width: 0; flex: 1 1 320px; }
        .title { display: flex; align-items: center; gap: 10px; flex-wrap: wrap; }
        .title h1 { min-width: 0; max-width: 100%; display: -webkit-box; -webkit-line-clamp: 4; -webkit-box-orient: vertical; overflow: hidden; }
        .parent { margin-bottom: 4px; color: var(--quiet); }
        .sentence { margin-top: 4px; max-width: 72ch; color: var(--quiet); }
        .actions { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }

        .notice { display: flex; gap: 10px; align-items: flex-start; margin-bottom: 16px; padding: 10px 12px; border-radius: var(--radius); }
        .notice .icon { margin-top: 2px; }
        .notice.good { background: var(--good-ground); color: var(--good); }
        .notice.caution { background: var(--caution-ground); color: var(--caution); }
        .notice.critical { background: var(--critical-ground); color: var(--critical); }
        .status { display: inline-flex; align-items: center; gap: 5px; padding: 1px 8px 1px 6px; border-radius: 12px; font-size: 13px; font-weight: 500; white-space: nowrap; }
        .status:empty { display: none; }
        .status .icon { width: 14px; height: 14px; }
        .status.good { background: var(--good-ground); color: var(--good); }
        .status.caution { background: var(--caution-ground); color: var(--caution); }
        .status.critical { background: var(--critical-ground); color: var(--critical); }
        .status.quiet { background: var(--sunken); color: var(--quiet); }
        .chips { display: inline-flex; flex-wrap: wrap; gap: 4px; max-width: 100%; }
        .chip {
          display: inline-flex; align-items: baseline; gap: 5px; max-width: 280px; padding: 0 7px; border: 1px solid var(--line); border-radius: 5px;
          background: var(--surface); color: var(--text); font-size: 12.5px; line-height: 20px; white-space: nowrap; overflow: hidden;
        }
        .chip bdi { overflow: hidden; text-overflow: ellipsis; }
        .chip-type { color: var(--quiet); font-size: 11.5px; }
        .count { display: inline-block; margin-left: 6px; padding: 0 6px; border-radius: 9px; background: var(--sunken); color: var(--quiet); font-size: 12px; line-height: 18px; }
        .avatar {
          display: inline-grid; place-items: center; flex: none; width: 26px; height: 26px; border-radius: 50%; font-size: 11px; font-weight: 600; line-height: 1;
        }
        .avatar.nobody { background: var(--sunken); color: var(--quiet); }
        .avatar .icon { width: 14px; height: 14px; }
        .a0 { background: light-dark(#dcecef, #17363d); color: light-dark(#0c4f5c, #8fd2de); }
        .a1 { background: light-dark(#f6e6d5, #41301c); color: light-dark(#74420a, #ebbd85); }
        .a2 { background: light-dark(#e5e4f5, #2c2b4a); color: light-dark(#433d91, #bab5f2); }
        .a3 { background: light-dark(#e1eede, #22361f); color: light-dark(#2c5c22, #a1d196); }
        .a4 { background: light-dark(#f6e0e5, #44232c); color: light-dark(#8a2743, #eda6b8); }
        .a5 { background: light-dark(#efe9d2, #38331a); color: light-dark(#5f5208, #d8c872); }

        .panel { margin-bottom: 20px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
        .panel-head { display: flex; align-items: baseline; justify-content: space-between; gap: 12px; padding: 14px 16px 10px; }
        .panel-head a { display: inline-flex; align-items: center; min-height: 24px; }
        .pad { padding: 16px; }
        .panel.pad > h2 { margin-bottom: 10px; }
        .panel.pad > form > .field { max-width: 420px; }
        .panel.pad > .field:last-child { margin-bottom: 0; }
        .narrow { max-width: 520px; }
        .frame { overflow-x: auto; margin-bottom: 20px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
        .panel .frame { margin: 0; border-width: 1px 0; border-radius: 0; }
        .frame.plain { border: 0; background: none; }
        .table { width: 100%; border-collapse: collapse; }
        .table th, .table td { padding: 9px 12px; text-align: start; vertical-align: top; }
        .table th { position: sticky; top: 0; background: var(--surface); color: var(--quiet); font-size: 12.5px; font-weight: 500; white-space: nowrap; }
        .table td { border-top: 1px solid var(--line); }
        .table td:has(> div > button) { padding-block: 4px; }
        .table tbody tr:hover { background: light-dark(#faf9f6, #21211e); }
        .table th.wide { width: 40%; min-width: 180px; }
        .table .num { text-align: end; }
        .table td a { font-weight: 500; }
        .person { display: inline-flex; align-items: center; gap: 10px; }
        .person bdi { min-width: 0; }
        @media (min-width: 1100px) {
          /* A frame that scrolls sideways would hold the head that should stick to the window. */
          .frame:has(> .table) { overflow: visible; }
          /* Beside another column there may be less room than a table needs. */
          .columns .frame:has(> .table) { overflow: auto hidden; }
          .columns .table th.wide { min-width: 96px; }
          .columns .table .chip { max-width: 200px; }
          .table th:first-child { border-top-left-radius: var(--radius); }
          .table th:last-child { border-top-right-radius: var(--radius); }
          .table thead th { z-index: 1; box-shadow: 0 1px var(--line); }
        }
        .next { display: flex; justify-content: flex-end; padding: 4px 0 12px; }
        .panel .next { padding: 8px 16px 16px; }
        .list li { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 8px 16px; border-top: 1px solid var(--line); }
        .list a { display: flex; align-items: center; gap: 10px; min-width: 0; min-height: 26px; color: var(--text); font-weight: 500; }
        .list .quiet { flex: none; }
        .icon-tile { display: inline-grid; place-items: center; flex: none; width: 26px; height: 26px; border-radius: 6px; background: var(--sunken); color: var(--quiet); }
        .grow { min-width: 0; flex: 1; }

        .field { margin-bottom: 14px; }
        .field label { display: block; margin-bottom: 4px; font-weight: 500; }
        input[type="text"], input[type="password"], select, textarea {
          width: 100%; min-height: 34px; padding: 6px 10px; border: 1px solid var(--line-strong); border-radius: 6px; background: var(--surface);
        }
        input[type="file"] { width: 100%; }
        input[type="file"]::file-selector-button {
          margin-right: 10px; padding: 5px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--surface); color: var(--text); font: inherit; font-weight: 500;
        }
        input[type="checkbox"] { width: 18px; height: 18px; margin: 1px 0; flex: none; accent-color: var(--accent); }
        textarea { resize: vertical; line-height: 18px; tab-size: 2; }
        [aria-invalid] { border-color: var(--critical) !important; }
        ::placeholder { color: var(--quiet); opacity: 1; }
        .help { margin-top: 4px; color: var(--quiet); font-size: 13px; }
        .error { display: flex; gap: 6px; align-items: flex-start; margin-top: 4px; color: var(--critical); font-size: 13px; }
        .error .icon { margin-top: 2px; }
        .check { display: flex; align-items: flex-start; gap: 8px; min-height: 24px; margin-bottom: 6px; }
        .check label { margin: 0; font-weight: 400; }
        fieldset { margin-bottom: 14px; }
        .inline { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start; }
        .inline .field { flex: 0 1 360px; margin: 0; }
        .inline > button { margin-top: 24px; min-height: 34px; }
        .filters { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: flex-end; margin-bottom: 16px; }
        .filters .field { flex: 0 1 160px; min-width: 120px; margin: 0; }
        .filters .field:first-child { flex: 1 1 220px; max-width: 400px; }
        .filters .field label { font-size: 12.5px; color: var(--quiet); }
        .filters .check { flex: none; align-items: center; min-height: 34px; }
        .filters .check label { font-size: inherit; color: inherit; }
        .filters button, .filters .button { min-height: 34px; }

        .code { position: relative; margin: 8px 0; border: 1px solid var(--line); border-radius: 6px; background: var(--sunken); }
        .code pre { max-height: 440px; overflow: auto; padding: 12px 16px; line-height: 19px; white-space: pre; overflow-wrap: normal; tab-size: 2; }
        .code-label { padding: 8px 16px 0; color: var(--quiet); font-size: 12.5px; }
        .code .copy { position: absolute; top: 6px; right: 6px; background: var(--surface); border-color: var(--line); min-height: 28px; padding: 2px 8px; font-size: 12.5px; }
        .code:has(.copy:not([hidden])) pre { padding-right: 96px; }
        .empty { padding: 56px 24px; text-align: center; border: 1px dashed var(--line); border-radius: 12px; margin-bottom: 20px; }
        .empty > .icon { width: 28px; height: 28px; stroke-width: 1.1; color: var(--accent); margin-bottom: 10px; }
        .empty p { max-width: 52ch; margin: 6px auto 0; color: var(--quiet); }
        .empty p:last-child { margin-top: 16px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin-bottom: 20px; }
        .tile { display: block; padding: 14px 16px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); color: inherit; }
        .tile span { display: block; color: var(--quiet); font-size: 13px; }
        .tile strong { display: block; margin-top: 4px; font-size: 24px; line-height: 30px; font-weight: 600; letter-spacing: -.02em; }
        .tile strong.small { font-size: 15px; letter-spacing: 0; line-height: 30px; }
        .tiles + .help { margin: -12px 0 20px; }
        .frame + .help { margin: -8px 0 20px; }
        .tile strong.small span { display: inline; font-size: 15px; }
        .tile.caution strong { color: var(--caution); }
        a.tile:hover { border-color: var(--line-strong); text-decoration: none; }
        .tabs { display: flex; gap: 4px; overflow: auto hidden; scrollbar-width: thin; border-bottom: 1px solid var(--line); margin-bottom: 12px; }
        .tabs a { flex: none; padding: 8px 10px; color: var(--quiet); font-weight: 500; border-bottom: 2px solid transparent; margin-bottom: -1px; }
        .tabs a:hover { color: var(--text); text-decoration: none; }
        .tabs a[aria-current] { color: var(--text); border-color: var(--accent); }
        .pills { display: flex; flex-wrap: wrap; gap: 6px; margin-bottom: 16px; }
        .pills a { display: inline-flex; align-items: center; min-height: 28px; padding: 2px 10px; border: 1px solid var(--line); border-radius: 14px; background: var(--surface); color: var(--text); }
        .pills a[aria-current] { border-color: var(--accent); background: var(--accent-ground); color: var(--accent-strong); }
        summary { cursor: pointer; min-height: 24px; }
        details > summary::marker { color: var(--quiet); }
        """#
}

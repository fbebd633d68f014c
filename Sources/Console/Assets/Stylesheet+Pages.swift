extension Stylesheet {
    /// What single pages need besides the parts.
    static let pages = #"""
        .columns { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 20px; align-items: start; }
        .columns.sided { grid-template: "traits timeline" auto "identity timeline" 1fr / minmax(0, 5fr) minmax(0, 6fr); row-gap: 0; }
        .of-traits { grid-area: traits; }
        .of-identity { grid-area: identity; }
        .timeline { grid-area: timeline; }
        @media (min-width: 960px) {
          /* Three columns fit beside the timeline: the identifier gives way, its title has it whole. */
          .of-identity .table { table-layout: fixed; }
          .of-identity .table th, .of-identity .table td { padding-inline: 8px; }
          .of-identity .table :is(th, td):first-child { padding-left: 16px; }
          .of-identity .table th.wide { width: 44%; min-width: 0; }
          .of-identity .table .chip { max-width: 100%; }
        }

        .bars { width: 100%; height: auto; padding: 0 12px; }
        .chart text, .graph text { font: 11px system-ui, sans-serif; fill: var(--quiet); font-variant-numeric: tabular-nums; }
        .end { text-anchor: end; }
        .mid { text-anchor: middle; }
        .grid { stroke: var(--line); }
        .bar rect { fill: var(--chart); }
        .bar .hit { fill: transparent; }
        .bar rect.faint { fill-opacity: .35; }
        .bar:hover .hit { fill: var(--sunken); }
        .bar.running rect:not(.hit) { fill-opacity: .45; }
        .under { margin-bottom: 12px; }
        .span rect { fill: var(--chart); }
        .span.past rect { fill-opacity: .45; }
        .memberships .frame { border-width: 1px 0 0; border-radius: 0; }
        .chart-foot { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: flex-start; padding: 8px 16px 12px; font-size: 13px; }
        .chart-foot details { flex: 1; min-width: 180px; color: var(--quiet); }
        .chart-foot details[open] { flex: 1 1 100%; }
        .chart-foot details .frame { margin-top: 8px; max-height: 300px; overflow: auto; border-width: 1px; border-radius: 6px; }
        .chart-foot a { display: inline-flex; gap: 4px; align-items: center; min-height: 24px; }

        .tour { margin-bottom: 20px; padding: 16px 20px 20px; border-radius: 12px; background: var(--accent-ground); }
        .tour h2 { margin-bottom: 12px; }
        .tour ol { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 12px 28px; }
        .tour a { display: inline-flex; align-items: center; gap: 8px; min-height: 24px; color: var(--accent-strong); }
        .tour p { margin-top: 2px; }

        .steps { max-width: 840px; }
        .step { display: flex; gap: 16px; padding: 20px; margin-bottom: 12px; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); }
        .step > div { flex: 1; min-width: 0; }
        .step p { margin-top: 4px; color: var(--quiet); }
        .step form { margin-top: 14px; }
        .step .snippets { margin-top: 12px; }
        .badge { display: grid; place-items: center; flex: none; width: 28px; height: 28px; border-radius: 50%; background: var(--sunken); font-weight: 600; }
        .step.done .badge { background: var(--good-ground); color: var(--good); }
        .step p .primary { margin-top: 8px; }
        .step .notice { margin: 10px 0 0; }
        .waiting { display: flex; align-items: center; gap: 10px; }
        .pulse { width: 10px; height: 10px; border-radius: 50%; background: var(--accent); animation: pulse 1.6s ease-in-out infinite; }
        @keyframes pulse { 50% { opacity: .25; transform: scale(.8); } }

        .live td { padding: 7px 12px; }
        .live th:nth-child(2), .live th:nth-child(3) { min-width: 168px; }
        .live th:nth-child(5) { min-width: 112px; }
        .live td:nth-child(5) bdi { display: block; max-width: 180px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .live td:nth-child(6) { white-space: nowrap; }
        .live td:nth-child(3) bdi { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; overflow-wrap: anywhere; }
        .live th.wide { width: 34%; }
        .live .summary { color: var(--quiet); }
        .live .summary bdi { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
        .call { display: inline-flex; align-items: flex-start; gap: 8px; font-weight: 500; }
        .call .icon { margin-top: 2px; color: var(--quiet); }
        .live td a .status { text-decoration: none; }
        .live tr.fresh { animation: fresh 1.6s ease-out; }
        @keyframes fresh { from { background: var(--accent-ground); } }

        .facts { display: block; margin-top: 8px; }
        .lane { display: inline-block; min-width: 9ch; }
        .terms { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 8px 24px; margin: 0; }
        .terms > div { display: contents; }
        .terms dt { color: var(--quiet); }
        .terms dd { margin: 0; overflow-wrap: anywhere; }
        @media (max-width: 699px) { .terms { grid-template-columns: minmax(0, 1fr); gap: 0; } .terms dd { margin-bottom: 8px; } }
        .as-of {
          display: flex; align-items: center; flex-wrap: wrap; gap: 8px 12px; margin-bottom: 20px; padding: 8px 12px; border: 1px solid var(--line);
          border-radius: var(--radius); background: var(--surface);
        }
        .as-of.past { background: var(--caution-ground); border-color: transparent; }
        .as-of label { display: inline-flex; gap: 6px; align-items: center; font-weight: 500; }
        .as-of input { flex: 1 1 200px; min-width: 0; height: 24px; accent-color: var(--accent); }
        .as-of .edge { font-size: 12.5px; white-space: nowrap; }
        .traits > div { display: grid; grid-template-columns: minmax(112px, 2fr) 5fr; gap: 12px; padding: 9px 16px; border-top: 1px solid var(--line); }
        .traits dt { color: var(--quiet); }
        .traits dd { min-width: 0; }
        .value { font-weight: 500; }
        code.value { font-size: 13px; }
        pre.value { overflow-x: auto; font-weight: 400; padding: 6px 10px; border-radius: 6px; background: var(--sunken); white-space: pre; }
        .traits summary { font-size: 12.5px; }
        .traits details[open] { padding-bottom: 4px; }
        .traits details li { padding: 4px 0; border-top: 1px solid var(--line); }
        .traits details h3 { margin-top: 4px; }
        .evidence li { padding: 8px 0; border-top: 1px solid var(--line); line-height: 24px; }
        .answers { justify-content: flex-start; margin-top: 4px; }
        .answers button { min-height: 40px; }
        .calibration { display: block; width: 100%; max-width: 560px; height: auto; padding: 0 12px; }
        .dot { fill: var(--chart); }
        .evidence .status { white-space: normal; }
        .evidence .chip { line-height: 18px; }
        .evidence code { font-size: 11.5px; }
        .graph { display: block; max-width: none; margin: 8px 0 12px; }
        .node rect { fill: var(--surface); stroke: var(--line-strong); }
        .node.known rect { fill: var(--accent-ground); stroke: var(--accent); }
        .node text { fill: var(--text); font-size: 12px; }
        .node .node-type { fill: var(--quiet); font-size: 10.5px; }
        .edge { fill: none; stroke: var(--line-strong); stroke-width: 1.2; }
        .edge.firm { stroke-width: 2.4; }

        .day { position: sticky; top: 0; z-index: 1; padding: 8px 16px; background: var(--surface); border-top: 1px solid var(--line); color: var(--quiet); }
        .events { position: relative; padding: 0 16px 8px; }
        .event { position: relative; display: flex; gap: 10px; padding: 4px 0; }
        .event:not(:last-child)::before { content: ""; position: absolute; left: 12.5px; top: 30px; bottom: -4px; width: 1px; background: var(--line); }
        .dot { display: grid; place-items: center; flex: none; width: 26px; height: 26px; border-radius: 50%; background: var(--sunken); color: var(--quiet); }
        .dot .icon { width: 14px; height: 14px; }
        .event.identify .dot, .event.alias .dot { background: var(--accent-ground); color: var(--accent); }
        .event details { flex: 1; min-width: 0; padding-top: 3px; }
        .event summary { display: grid; grid-template: "name summary time" / auto 1fr auto; gap: 0 8px; list-style: none; border-radius: 4px; }
        .event summary::-webkit-details-marker { display: none; }
        .event summary:hover .event-name { text-decoration: underline; text-underline-offset: 2px; }
        .event-name { grid-area: name; font-weight: 500; min-width: 0; max-width: 40ch; overflow-wrap: anywhere; }
        .event-summary { grid-area: summary; color: var(--quiet); min-width: 0; }
        .event-time { grid-area: time; font-size: 12.5px; }

        .key { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
        .key code { padding: 6px 12px; border-radius: 6px; background: var(--sunken); font-size: 13px; }
        .refusal { margin-bottom: 8px; }
        .refusal > summary { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; padding: 12px 16px; list-style: none; }
        .refusal > summary::-webkit-details-marker { display: none; }
        .refusal > summary > .icon { color: var(--caution); }
        .refusal > summary .grow { flex: 1 1 260px; font-weight: 500; overflow-wrap: anywhere; }
        .refusal > summary code { font-size: 11.5px; font-weight: 400; }
        #rejected code.quiet { font-size: 11.5px; }
        .refusal[open] > summary { border-bottom: 1px solid var(--line); }
        .refusal .remedy { margin-bottom: 8px; }
        .repair { margin: 12px 0; }
        .repair form { margin-top: 8px; }
        .into { max-width: 360px; }
        .drop { padding: 24px; margin-bottom: 16px; border: 1.5px dashed var(--line-strong); border-radius: 10px; text-align: center; }
        .drop > .icon { width: 24px; height: 24px; color: var(--accent); margin-bottom: 4px; }
        .drop .field { max-width: 420px; margin: 8px auto 0; }
        .drop input[type="file"] { width: auto; max-width: 100%; }
        .drop:has([data-drop-hint]:not([hidden])) label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        .drop.over { border-color: var(--accent); background: var(--accent-ground); }
        .mapping .table .field { margin: 0; }
        .identity-types .field { margin: 0; }
        .identity-types .table label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        .identity-types select { min-width: 172px; }
        .identity-types input { min-width: 70px; }
        .identity-types code { white-space: nowrap; }
        .difference { margin-bottom: 20px; }
        .difference h2 { margin-bottom: 8px; }
        .mapping .table label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        .mapping .panel p { margin-bottom: 12px; max-width: 72ch; }
        .mapping .panel .field { max-width: 420px; }
        .mapping tr:not(:has(option[value="value"]:checked)) td:last-child > div { visibility: hidden; }
        .samples { color: var(--quiet); overflow-wrap: anywhere; }
        #rejected th.num { width: 96px; }
        #rejected th.wide { width: auto; }
        .pad-sides { padding: 0 16px 10px; }
        .progress .help { min-height: 20px; margin-top: 6px; }
        progress { display: block; width: 100%; height: 10px; margin-top: 8px; accent-color: var(--accent); }
        .once { border-color: var(--good); }
        .once h2 { display: flex; align-items: center; gap: 8px; color: var(--good); }
        .error-page { border: 0; padding-top: 12vh; }
        .card .empty { border: 0; padding: 12px 0; margin: 0; }
        """#

    /// Under 1,100 px the rail keeps its icons; under 700 it is a menu, and tables become cards.
    static let narrow = #"""
        @media (max-width: 1099px) and (min-width: 700px) {
          body:not(.door) { grid-template-columns: 60px minmax(0, 1fr); }
          .rail { width: 60px; padding: 16px 10px; align-items: stretch; }
          .rail .brand { padding: 0 6px; }
          .rail .brand span, .places a span, .rail-button span, .places h2, .search input, .search kbd { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          .search { height: 32px; }
          .search button { width: 40px; }
          .workspaces { flex-direction: column; }
          .workspaces a { flex: none; padding: 3px 0; font-size: 11px; letter-spacing: -.02em; }
          .table .chip { max-width: 190px; }
          .places ul + h2 + ul { margin-top: 8px; padding-top: 8px; border-top: 1px solid var(--line); }
          .places a, .rail-button { justify-content: center; padding: 6px; }
          .places { scrollbar-width: none; }
          .search input:focus {
            position: fixed; left: 68px; width: 300px; height: 38px; clip-path: none; z-index: 5; padding-left: 12px; box-shadow: var(--shadow);
          }
          main { padding: 28px 28px 72px; }
        }
        @media (max-width: 959px) {
          .columns.sided { grid-template: "traits" "timeline" "identity" / minmax(0, 1fr); }
        }
        @media (min-width: 700px) { .narrow-only { display: none; } }
        @media (max-width: 699px) {
          body:not(.door) { display: block; }
          .topbar {
            position: sticky; top: 0; z-index: 4; display: flex; align-items: center; gap: 8px; height: 52px; padding: 0 12px;
            border-bottom: 1px solid var(--line); background: var(--ground);
          }
          .topbar .icon-only { min-width: 40px; min-height: 40px; }
          .rail { display: none; }
          .rail:popover-open {
            display: flex; position: fixed; inset: 0 auto 0 0; width: min(300px, 86vw); height: 100%; box-shadow: var(--shadow);
          }
          .rail::backdrop { background: light-dark(#1f1e1b66, #000000a6); }
          .places a, .rail-button { min-height: 40px; }
          main { padding: 20px 16px 64px; }
          .head { margin-bottom: 16px; }
          .head > div:not(.actions) { flex-basis: 220px; }
          .wide-only { display: none; }
          .panel-head { flex-wrap: wrap; gap: 2px 12px; }
          .list li:has(> .chips) { flex-wrap: wrap; gap: 4px 12px; }
          .list li > .chips { flex: 1 1 100%; padding-left: 36px; }
          .code { display: flex; flex-direction: column; }
          .code .copy { position: static; order: -1; align-self: flex-end; margin: 6px 6px -4px 0; }
          .code-label { order: -2; }
          .code:has(.copy:not([hidden])) pre { padding-right: 16px; }
          .event summary { grid-template: "name time" "summary summary" / 1fr auto; }
          .columns:not(.sided), .tour ol { grid-template-columns: minmax(0, 1fr); gap: 0; }
          .tour ol { gap: 14px; }
          .columns { gap: 0; }
          .tiles { grid-template-columns: 1fr 1fr; gap: 8px; }
          .tile { padding: 10px 12px; }
          .tile strong { font-size: 20px; }
          .keys { grid-template-columns: 1fr; }
          .step { gap: 12px; padding: 16px; }
          .inline .field, .filters .field, .filters .field:first-child { flex: 1 1 100%; max-width: none; }
          .filters:not(:has(.check)) .field:not(:first-child) { flex: 1 1 96px; min-width: 0; }
          .inline > button { margin-top: 0; width: 100%; }
          .day { top: 52px; }
          .traits > div { grid-template-columns: 1fr; gap: 0; }
          .frame:has(> .table) { overflow: visible; border: 0; background: none; }
          .panel .frame:has(> .table) { border-top: 1px solid var(--line); }
          .table, .table tbody, .table tr, .table td { display: block; width: 100%; }
          .table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          .table tr { margin-bottom: 8px; padding: 8px 12px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
          .panel .table tr { margin: 0; border-width: 0 0 1px; border-radius: 0; padding: 8px 16px; }
          .table td { display: flex; justify-content: space-between; gap: 16px; padding: 3px 0; border: 0; text-align: end; }
          .table td.num { text-align: end; }
          .table td > div { min-width: 0; }
          .table td pre.value { text-align: start; }
          .table td::before { content: attr(data-label); flex: none; max-width: 55%; color: var(--quiet); text-align: start; }
          .table td:first-child { display: block; text-align: start; font-weight: 500; }
          .table td:first-child::before { display: none; }
          .table td .chips { justify-content: flex-end; }
          .mapping tr:not(:has(option[value="value"]:checked)) td:last-child { display: none !important; }
          .chip { max-width: 220px; }
          .live tr { display: grid; grid-template-columns: 1fr auto; gap: 0 12px; }
          .live td { padding: 2px 0; display: block; text-align: start; }
          .live td::before { display: none; }
          .live td:nth-child(2) { grid-area: 1 / 1; }
          .live td:nth-child(6) { grid-area: 1 / 2; text-align: end; }
          .live td:nth-child(3) { grid-area: 2 / 1; }
          .live td:nth-child(1) { grid-area: 2 / 2; text-align: end; color: var(--quiet); font-weight: 400; }
          .live td:nth-child(4) { grid-area: 3 / 1 / auto / span 2; }
          .live td:nth-child(5) { grid-area: 4 / 1 / auto / span 2; color: var(--quiet); font-size: 12.5px; }
          .live td:nth-child(4):has(bdi:empty) { display: none; }
          .mapping .table td { display: block; }
          .mapping .table td + td::before { display: block; margin: 6px 0 2px; max-width: none; text-align: start; }
          .mapping .samples { text-align: start; }
          .menu { inset: auto 12px 12px 12px; width: auto; }
        }
        @media print { .rail, .topbar, .actions, .as-of { display: none; } body { display: block; background: #fff; } }
        """#
}

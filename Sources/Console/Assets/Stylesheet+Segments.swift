extension Stylesheet {
    /// What the segments' pages need besides the parts.
    static let segments = #"""
        .area { fill: var(--chart); fill-opacity: .14; pointer-events: none; }
        .line { fill: none; stroke: var(--chart); stroke-width: 2; stroke-linejoin: round; pointer-events: none; }
        .clamped { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
        .tile strong code { display: inline-block; line-height: 20px; }
        @media (max-width: 699px) { .clamped { display: inline; } }
        .lines { margin-bottom: 12px; max-width: 72ch; white-space: pre-line; }
        .head + .code, .lines + .code { margin: 0 0 20px; }
        .head + .code pre, .lines + .code pre, .place { white-space: pre-wrap; overflow-wrap: anywhere; }
        .examples li { flex-wrap: wrap; }
        .examples .quiet { flex: 0 1 auto; min-width: 0; overflow-wrap: anywhere; }
        .panel > .next { padding: 12px 16px; margin: 0; }
        .three { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 0 16px; }
        .rows { margin-bottom: 16px; padding: 0; }
        .rows select { width: auto; max-width: 100%; }
        .group { margin: 8px 0; padding: 4px 12px 8px; border: 1px solid var(--line); border-inline-start: 3px solid var(--chart); border-radius: 6px; }
        .group.root { margin: 0; }
        .root > .group-head output { display: none; }
        .group-head { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding: 4px 0; }
        .group-head label { margin: 0; font-weight: 400; color: var(--quiet); }
        .group .actions { margin-top: 4px; }
        .row { display: flex; flex-wrap: wrap; gap: 8px; align-items: flex-end; padding: 8px 0; }
        .row + .row, .group + .row { border-top: 1px solid var(--line); }
        .row-part label { display: block; margin-bottom: 2px; color: var(--quiet); font-size: 12.5px; font-weight: 400; }
        .row-part input { min-width: 120px; }
        .row-part .short { min-width: 0; width: 72px; }
        @media (max-width: 699px) { .row-part { flex: 1 1 120px; min-width: 0; } .row-part input, .row-part select { width: 100%; min-width: 0; } }
        .row-count { min-width: 56px; min-height: 34px; line-height: 34px; margin-left: auto; text-align: end; font-weight: 600; }
        .choices { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 4px 16px; }
        .choices .field { margin: 0; }
        .choices legend { grid-column: 1 / -1; margin-bottom: 8px; }
        .heat { display: inline-block; padding: 2px 8px; border-radius: 4px; }
        .heat-1 { background: color-mix(in srgb, var(--chart) 10%, transparent); }
        .heat-2 { background: color-mix(in srgb, var(--chart) 20%, transparent); }
        .heat-3 { background: color-mix(in srgb, var(--chart) 30%, transparent); }
        .heat-4, .heat-5 { background: color-mix(in srgb, var(--chart) 40%, transparent); }
        .trace { display: block; width: 120px; height: 28px; }
        .trace path { vector-effect: non-scaling-stroke; }
        .editor textarea { font-size: 13px; line-height: 20px; }
        .answer { min-height: 92px; margin-bottom: 16px; padding: 12px 14px; border-radius: 6px; background: var(--sunken); }
        .answer p + p { margin-top: 4px; }
        .answer-count strong { font-size: 24px; line-height: 30px; letter-spacing: -.02em; }
        .warnings li { display: flex; gap: 6px; margin-top: 6px; color: var(--caution); }
        .warnings .icon { margin-top: 2px; }
        .asked { display: inline-flex; align-items: center; gap: 6px; margin-right: 8px; }
        .asked a:not(.chip), .ask { display: inline-flex; align-items: center; min-height: 24px; font-size: 13px; }
        .flip { display: flex; gap: 8px; margin-bottom: 16px; }
        .flip .icon { flex: none; margin-top: 2px; color: var(--quiet); }
        .why { margin-top: 12px; }
        .why ul:not(.why-events), .why ol { margin-left: 9px; padding-left: 17px; border-left: 1px solid var(--line); }
        .why-part { display: flex; gap: 8px; padding: 5px 0; }
        .why-part > div { min-width: 0; }
        .why-part.aside { color: var(--quiet); }
        .why-mark { flex: none; height: 20px; }
        .why-mark .icon { margin-top: 2px; }
        .why-mark.good { color: var(--good); }
        .why-mark.critical { color: var(--critical); }
        .aside > .why-mark { color: var(--quiet); }
        .why-events li { padding: 2px 0; }
        .versions li { display: block; padding: 10px 16px; border-top: 1px solid var(--line); }
        .versions pre { margin-top: 6px; padding: 8px 12px; border-radius: 6px; background: var(--sunken); line-height: 20px; white-space: pre-wrap; overflow-wrap: anywhere; }
        .changes { margin: 4px 0 12px; padding: 8px 12px; border-radius: 6px; background: var(--sunken); line-height: 20px; white-space: pre-wrap; overflow-wrap: anywhere; }
        .versions ins, .changes ins { background: var(--good-ground); color: var(--good); text-decoration: underline; text-underline-offset: 2px; }
        .versions del, .changes del { background: var(--critical-ground); color: var(--critical); }
        .changes ins, .changes del { text-decoration: none; }
        .share { display: block; width: 100%; min-width: 60px; height: 8px; }
        .share rect { fill: var(--chart); }
        #distribution .panel, .chart + .panel { margin-top: 20px; }
        .place { margin-top: 8px; line-height: 20px; cursor: text; }
        .place mark { padding: 0 1px; border-bottom: 2px solid var(--critical); background: var(--critical-ground); color: var(--critical); }
        .place mark:empty::before { content: "\00a0\00a0"; }
        """#
}

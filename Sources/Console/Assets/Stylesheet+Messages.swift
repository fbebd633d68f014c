extension Stylesheet {
    /// What templates, consent, and the pages for the people whose data it is need besides the parts.
    static let messages = #"""
        .two { display: grid; grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)); gap: 0 16px; }
        .template-editor { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 16px; align-items: start; }
        .template-editor textarea { font-family: var(--mono); font-size: 13px; line-height: 20px; }
        .template-editor .notice { margin: 12px 0 0; }
        .template-editor h2 { margin: 16px 0 8px; }
        .template-editor .three + button { margin-bottom: 16px; }
        .mail { border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
        .mail-subject { padding: 10px 14px; border-bottom: 1px solid var(--line); font-weight: 600; overflow-wrap: anywhere; }
        .mail-frame { display: block; width: 100%; height: 560px; border: 0; background: #fff; color-scheme: light; }
        .mail details { padding: 10px 14px; border-top: 1px solid var(--line); }
        .mail-headers { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 10px 0 0; font-size: 13px; }
        .mail-headers dt { color: var(--quiet); }
        .mail-headers dd { margin: 0; overflow-wrap: anywhere; }
        @media (max-width: 700px) { .mail-headers { grid-template-columns: 1fr; gap: 0; } .mail-headers dd { margin-bottom: 8px; } }
        .mail-text { margin: 0; padding: 12px 14px; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 13px; line-height: 20px; }
        .door.hosted main { max-width: 620px; width: 100%; }
        .hosted h2 { margin: 16px 0 8px; font-size: 16px; }
        .hosted fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
        .hosted legend { padding: 0; font-weight: 600; overflow-wrap: anywhere; }
        .hosted .hosted-group { padding-top: 8px; }
        .hosted .hosted-topic { padding: 12px 0 4px; border-top: 1px solid var(--line); }
        .hosted-topic legend { float: left; width: 100%; margin-bottom: 8px; }
        .hosted-topic .hosted-choices { clear: both; }
        .hosted-choices { display: flex; flex-wrap: wrap; gap: 8px 20px; margin-bottom: 12px; }
        .hosted-choice { display: inline-flex; align-items: center; gap: 8px; min-height: 28px; font-weight: 400; }
        .hosted-choice input { width: 20px; height: 20px; min-height: 0; margin: 0; }
        .hosted-more { margin-top: 24px; padding-top: 8px; border-top: 1px solid var(--line); }
        .hosted .actions { flex-wrap: wrap; }
        .journey { list-style: none; margin: 0; padding: 0; }
        .journey > li + li { margin-top: 8px; padding-top: 8px; border-top: 1px dashed var(--line); }
        .journey-step { padding: 8px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--sunken); }
        .journey-head { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: baseline; margin: 0; }
        .journey-kind { font-weight: 600; }
        .journey-summary { overflow-wrap: anywhere; }
        .journey-counts { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 4px 0 0; padding: 0; list-style: none; font-size: 13px; }
        .journey-ways { display: grid; gap: 8px; margin: 8px 0 0 12px; padding-left: 12px; border-left: 2px solid var(--line); }
        .journey-way-name { display: flex; gap: 8px; margin: 0 0 4px; font-weight: 600; overflow-wrap: anywhere; }
        .journey-step .actions { margin-top: 8px; flex-wrap: wrap; }
        .journey-edit { margin-top: 8px; }
        .journey-edit summary { min-height: 24px; cursor: pointer; }
        .journey-add { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
        .journey-add select { width: auto; }
        .journey-about > li, .journey-about > li + li { margin: 0; padding: 8px 0; border: 0; border-radius: 0; background: none; }
        .journey-about > li + li { border-top: 1px solid var(--line); }
        .journey-about > li:last-child { padding-bottom: 0; }
        .canvas > h2:first-child { margin-top: 0; }
        .canvas > h2 + .journey { margin-bottom: 8px; }
        .canvas .journey-add + h2 { margin-top: 24px; }
        .journey-edit > .journey-add { margin: 8px 0 12px; }
        .journey-edit .two { margin-top: 8px; }
        .journey-edit .two .field { min-width: 0; }
        summary:focus-visible, .notice:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        .notice h2 { margin: 0; font-size: 15px; }
        .notice p + p { margin-top: 4px; }
        .notice p + form { margin-top: 8px; }
        .notice > div { min-width: 0; flex: 1; }
        .journey-warnings { margin: 4px 0 0; padding: 0; list-style: none; }
        .journey-warnings li { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: center; justify-content: space-between; padding: 6px 0; }
        .journey-warnings p { flex: 1 1 240px; min-width: 0; overflow-wrap: anywhere; }
        #answer:focus-visible { outline-offset: 8px; }
        .notice .button { background: var(--surface); }
        input[type="datetime-local"] { width: 100%; min-height: 34px; padding: 6px 10px; border: 1px solid var(--line-strong); border-radius: 6px; background: var(--surface); color: inherit; font: inherit; }
        .campaign { max-width: 820px; }
        .campaign fieldset { min-width: 0; margin: 0 0 20px; padding: 0 0 6px; border: 0; border-bottom: 1px solid var(--line); }
        .campaign legend { margin-bottom: 10px; padding: 0; font-size: 15px; font-weight: 600; }
        .campaign .notice { margin-bottom: 16px; }
        .audience h2 { margin-bottom: 10px; }
        .audience .tiles { margin-bottom: 8px; }
        .audience .help { margin: 0; padding-left: 18px; }
        #answer details { margin: 12px 0; }
        .journey-told { margin: 0 0 8px; }
        .journey-stories { margin: 8px 0 0; padding: 0; list-style: none; }
        @media (max-width: 999px) { .template-editor { grid-template-columns: minmax(0, 1fr); } }
        """#
}

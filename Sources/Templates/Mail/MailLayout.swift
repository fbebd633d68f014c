/// The base layout of an HTML mail: one column that fits a phone and is at most 600 px wide, in light and in dark, with the links that every mail to a list
/// must have. The message stands in it as the partial `content`.
public enum MailLayout {
    /// The name of the partial that holds the message.
    public static let content = "content"

    /// Reads `language`, `subject`, `preheader`, `unsubscribe_url` and `preferences_url`; what is missing is left out.
    public static let source = """
        <!doctype html>
        <html lang="{{ language | default: 'en' }}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="supported-color-schemes" content="light dark">
        <title>{{ subject | default: '' }}</title>
        <style>
        body { margin: 0; padding: 0; background: #f4f4f1; color: #1d2420; font: 16px/1.5 -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
        .outer { width: 100%; }
        .inner { width: 100%; max-width: 600px; margin: 0 auto; background: #ffffff; border-radius: 8px; }
        .pad { padding: 24px; }
        img { max-width: 100%; height: auto; border: 0; }
        a { color: #0b6b4f; }
        h1, h2, h3 { line-height: 1.25; margin: 0 0 12px; }
        p { margin: 0 0 16px; }
        .foot { color: #5c665f; font-size: 13px; text-align: center; }
        @media (max-width: 480px) { .pad { padding: 16px; } .inner { border-radius: 0; } }
        @media (prefers-color-scheme: dark) {
          body { background: #121513; color: #e8ece9; }
          .inner { background: #1c211e; }
          a { color: #6fd3ae; }
          .foot { color: #a2aca5; }
        }
        </style>
        </head>
        <body>
        {% if preheader %}<div style="display:none;max-height:0;overflow:hidden">{{ preheader }}</div>{% endif %}
        <table role="presentation" class="outer" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" class="pad">
        <table role="presentation" class="inner" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td class="pad">
        {% include 'content' %}
        </td></tr></table>
        {% if unsubscribe_url or preferences_url %}<p class="foot">{% if preferences_url %}<a href="{{ preferences_url }}">{{ preferences_label | default: 'Your preferences' }}</a>{% endif %}\
        {% if unsubscribe_url and preferences_url %} · {% endif %}{% if unsubscribe_url %}<a href="{{ unsubscribe_url }}">{{ unsubscribe_label | default: 'Unsubscribe' }}</a>{% endif %}</p>{% endif %}
        </td></tr></table>
        </body>
        </html>

        """

    /// An HTML mail of one's own, with the line that stands beside the subject in a list of mails: unseen, before everything else.
    ///
    /// - Parameter preheader: as a text.
    public static func adding(_ preheader: [UInt8], to html: [UInt8]) -> [UInt8] {
        var arena = Arena()
        var line = Output()
        Escaping.html(arena.keep(preheader), into: &line)
        let block = Array("<div style=\"display:none;max-height:0;overflow:hidden\">".utf8) + line.bytes + Array("</div>".utf8)
        let start = ["<body", "</head"].lazy.compactMap { mark in Ascii.find(Array(mark.utf8)[...], in: html, ignoringCase: true).flatMap { html[$0...].firstIndex(of: 0x3e) } }.first.map { $0 + 1 } ?? 0
        return html[..<start] + block + html[start...]
    }
}

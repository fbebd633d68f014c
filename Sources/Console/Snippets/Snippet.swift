/// Code that sends Ada's first event; it runs as it is once copied.
struct Snippet {
    var kind: SnippetKind
    /// Without a slash at the end.
    var host: String
    var writeKey: String

    var code: String {
        switch kind {
        case .curl: curl
        case .browser: browser
        case .node: node
        case .python: python
        case .swift: swift
        case .kotlin: kotlin
        case .rudderstack: rudderstack
        case .pixel: pixel
        }
    }

    private var curl: String {
        """
        curl \(host)/v1/track \\
          -u '\(writeKey):' \\
          -H 'Content-Type: application/json' \\
          -d '{"userId": "ada", "event": "Tea Tasted", "properties": {"tea": "Earl Grey"}}'
        """
    }

    /// The stub keeps calls made before the file is there; `martlet.js` replays them.
    private var browser: String {
        """
        <script>
          (function (methods) {
            var analytics = window.analytics = window.analytics || [];
            if (analytics.load) return;
            methods.forEach(function (method) {
              analytics[method] = function () {
                analytics.push([method].concat([].slice.call(arguments)));
                return analytics;
              };
            });
          })(["load", "ready", "page", "track", "identify", "group", "alias", "reset", "on", "once", "off", "debug"]);
        </script>
        <script async src="\(host)/martlet.js"></script>
        <script>
          analytics.load("\(writeKey)", { host: "\(host)" });
          analytics.page();
          analytics.track("Tea Tasted", { tea: "Earl Grey" });
        </script>
        """
    }

    private var node: String {
        """
        // npm install @segment/analytics-node
        import { Analytics } from '@segment/analytics-node'

        const analytics = new Analytics({
          writeKey: '\(writeKey)',
          host: '\(host)',
        })

        analytics.identify({ userId: 'ada', traits: { name: 'Ada Wren', plan: 'tea club' } })
        analytics.track({ userId: 'ada', event: 'Tea Tasted', properties: { tea: 'Earl Grey' } })
        await analytics.closeAndFlush()
        """
    }

    private var python: String {
        """
        # pip install segment-analytics-python
        import segment.analytics as analytics

        analytics.write_key = '\(writeKey)'
        analytics.host = '\(host)'

        analytics.identify('ada', {'name': 'Ada Wren', 'plan': 'tea club'})
        analytics.track('ada', 'Tea Tasted', {'tea': 'Earl Grey'})
        analytics.flush()
        """
    }

    /// The Swift and Kotlin libraries add `https://` themselves and want the path of the version.
    private var bareHost: String {
        guard let scheme = host.firstRange(of: "://") else { return host }
        return String(host[scheme.upperBound...])
    }

    private var swift: String {
        """
        // Package: https://github.com/segmentio/analytics-swift
        import Segment

        let configuration = Configuration(writeKey: "\(writeKey)")
            .apiHost("\(bareHost)/v1")
            .cdnHost("\(bareHost)/v1")
        let analytics = Analytics(configuration: configuration)

        analytics.identify(userId: "ada", traits: ["name": "Ada Wren"])
        analytics.track(name: "Tea Tasted", properties: ["tea": "Earl Grey"])
        """
    }

    private var kotlin: String {
        """
        // implementation("com.segment.analytics.kotlin:android:<latest>")
        val analytics = Analytics("\(writeKey)", applicationContext) {
            apiHost = "\(bareHost)/v1"
            cdnHost = "\(bareHost)/v1"
        }

        analytics.identify("ada", buildJsonObject { put("name", "Ada Wren") })
        analytics.track("Tea Tasted", buildJsonObject { put("tea", "Earl Grey") })
        """
    }

    private var rudderstack: String {
        """
        # pip install rudder-sdk-python
        import rudderstack.analytics as rudder

        rudder.write_key = '\(writeKey)'
        rudder.dataPlaneUrl = '\(host)'

        rudder.identify('ada', {'name': 'Ada Wren', 'plan': 'tea club'})
        rudder.track('ada', 'Tea Tasted', {'tea': 'Earl Grey'})
        rudder.flush()
        """
    }

    private var pixel: String {
        """
        <img alt="" width="1" height="1"
          src="\(host)/v1/pixel/track?writeKey=\(writeKey)&userId=ada&event=Newsletter%20Opened">
        """
    }
}

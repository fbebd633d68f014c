extension Script {
    /// What an event says about the page and the browser it happened in.
    static let page = #"""

      function withoutQuery(address) {
        return isPrivate() ? address.split("?")[0] : address;
      }

      function pageFacts() {
        var location = window.location;
        return {
          path: location.pathname,
          referrer: withoutQuery(document.referrer),
          search: isPrivate() ? "" : location.search,
          title: document.title,
          url: withoutQuery(location.href.split("#")[0])
        };
      }

      // Calls `use` with each query parameter whose name begins with `prefix`: the first of a name counts,
      // and both the number of them and their lengths are limited, for anybody can write a link.
      function eachParameter(prefix, use) {
        if (isPrivate() || !window.URLSearchParams) return;
        var seen = [];
        new URLSearchParams(window.location.search).forEach(function (value, name) {
          var rest = name.slice(prefix.length);
          if (name.indexOf(prefix) !== 0 || isUnsafe(rest) || rest.length > QUERY_NAME_LENGTH) return;
          if (value === "" || seen.indexOf(rest) >= 0 || seen.length >= QUERY_PROPERTIES) return;
          seen.push(rest);
          use(rest, value.slice(0, QUERY_VALUE_LENGTH));
        });
      }

      function parameters(prefix) {
        var found = {};
        eachParameter(prefix, function (name, value) {
          if (name) found[name] = value;
        });
        return found;
      }

      function parameter(name) {
        var found = null;
        eachParameter(name, function (rest, value) {
          if (!rest) found = value;
        });
        return found;
      }

      function context() {
        var screen = window.screen || {};
        var facts = {
          page: pageFacts(),
          locale: navigator.language,
          userAgent: navigator.userAgent,
          library: { name: "martlet.js", version: VERSION },
          screen: { width: screen.width, height: screen.height, density: window.devicePixelRatio }
        };
        try {
          facts.timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
        } catch (error) {}
        // Read from this page's own address each time and never stored.
        var campaign = parameters("utm_");
        if (campaign.campaign) {
          campaign.name = campaign.campaign;
          delete campaign.campaign;
        }
        if (Object.keys(campaign).length) facts.campaign = campaign;
        if (isPrivate()) facts.gpc = true;
        var preferences = parsed(recall(CONSENT));
        if (Object.keys(preferences).length) facts.consent = { categoryPreferences: preferences };
        return facts;
      }
    """#
}

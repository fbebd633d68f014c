extension Script {
    /// What happens when the script arrives: the public object, the replay of earlier calls, the events of the browser.
    static let start = #"""

      var early = [];
      var api = { martlet: VERSION, VERSION: VERSION, initialized: true };

      function load(key, options) {
        if (writeKey !== null || !identifier(key)) return api;
        options = isObject(options) ? options : {};
        writeKey = identifier(key);
        host = String(options.host || (tag && tag.getAttribute("data-host")) || origin()).replace(/\/+$/, "");
        domain = String(options.domain || (tag && tag.getAttribute("data-domain")) || "").replace(/[^\w.-]/g, "");
        if (domain && !isPrivate()) shareIds();
        queue = "martlet_q." + writeKey + ".";
        retryKey = "martlet_retry." + writeKey;
        readQuery();
        early.splice(0).forEach(perform);
        emit("ready");
        // What earlier pages left behind.
        schedule(FLUSH_DELAY_MS);
        return api;
      }

      // The server that the script came from.
      function origin() {
        try {
          return new URL(tag.src).origin;
        } catch (error) {
          return "";
        }
      }

      // A link of a newsletter can say who came and why: ?ajs_uid=u1&ajs_event=Newsletter+Opened&ajs_prop_issue=12
      function readQuery() {
        var known = parameter("ajs_aid"), id = parameter("ajs_uid"), event = parameter("ajs_event");
        if (known) keepId(ANONYMOUS_ID, known);
        if (id) identify(id, parameters("ajs_trait_"));
        if (event) track(event, parameters("ajs_prop_"));
      }

      function perform(call) {
        // Own names only: "constructor" is a function too.
        if (call && Object.keys(api).indexOf(call[0]) >= 0 && typeof api[call[0]] === "function") api[call[0]].apply(api, [].slice.call(call, 1));
      }

      // Calls that send something wait for the write key.
      function offer(name, work) {
        api[name] = guarded(function () {
          if (writeKey !== null) return work.apply(null, arguments);
          early.push([name].concat([].slice.call(arguments)));
          return api;
        });
      }

      offer("page", page);
      offer("track", track);
      offer("identify", identify);
      offer("alias", alias);
      api.group = guarded(function () {
        if (writeKey !== null || !arguments.length) return group.apply(null, arguments);
        early.push(["group"].concat([].slice.call(arguments)));
        return api;
      });
      api.load = guarded(load);
      api.user = guarded(user);
      api.consent = guarded(consent);
      api.flush = guarded(flush);
      api.push = guarded(perform);
      api.setAnonymousId = guarded(function (id) { return user().anonymousId(id); });
      api.reset = guarded(function () { forgetPerson(); emit("reset"); });
      api.debug = guarded(function (on) { debugging = on !== false; });
      api.on = guarded(function (name, listener) {
        (listeners[name] = listeners[name] || []).push(listener);
        return api;
      });
      api.off = guarded(function (name, listener) {
        listeners[name] = (listeners[name] || []).filter(function (other) { return listener && other !== listener; });
        return api;
      });
      api.once = guarded(function (name, listener) {
        var first = function () {
          api.off(name, first);
          return listener.apply(this, arguments);
        };
        return api.on(name, first);
      });
      api.ready = guarded(function (listener) {
        if (typeof listener !== "function") return api;
        if (writeKey !== null) setTimeout(guarded(listener), 0);
        else api.once("ready", listener);
        return api;
      });

      guarded(function () {
        window.analytics = api;
        window.addEventListener("online", guarded(flush));
        window.addEventListener("pagehide", guarded(leave));
        // A page that comes back from the back-forward cache has had its timers stopped.
        window.addEventListener("pageshow", guarded(function (event) { if (event.persisted) flush(); }));
        // On phones a hidden page is often never shown again, and no further event tells us.
        document.addEventListener("visibilitychange", guarded(function () { if (document.visibilityState === "hidden") flush(); }));

        // The snippet leaves an array of calls; `load` may stand anywhere in it. An element with the id "analytics"
        // also shows up under this name, and is no array.
        var calls = Array.isArray(stub) ? stub.slice() : [];
        var isLoad = function (call) { return call && call[0] === "load"; };
        calls.filter(isLoad).concat(calls.filter(function (call) { return !isLoad(call); })).forEach(perform);
        if (writeKey === null && stub && stub._writeKey) load(stub._writeKey, stub._loadOptions);
        if (writeKey === null && tag && tag.getAttribute("data-write-key")) load(tag.getAttribute("data-write-key"));
        // With data-page on the tag, one line of HTML is all that a page needs.
        if (tag && tag.hasAttribute("data-page")) api.page();
      })();
    })(window, document);
    """#

    /// What a page pastes into its head: an array that remembers calls until the script is there.
    static let snippet = #"""
    <script>
    !function(){var a=window.analytics=window.analytics||[];if(a.martlet||a.invoked)return;a.invoked=true;
    ["load","page","track","identify","group","alias","reset","ready","on","once","off","debug","consent","setAnonymousId"].forEach(function(m){
    a[m]=function(){var c=[].slice.call(arguments);c.unshift(m);window.analytics.push(c);return window.analytics}});
    var s=document.createElement("script");s.async=true;s.src="HOST/martlet.js";document.head.appendChild(s);
    a.load("WRITE_KEY",{host:"HOST"});a.page()}();
    </script>
    """#
}

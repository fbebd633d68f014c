extension Script {
    /// The scope of everything, the limits, and what keeps a mistake of ours out of the host page.
    static let opening = #"""
    (function (window, document) {
      "use strict";

      var stub = window.analytics;
      // A page that includes the script twice would count everything twice.
      if (stub && stub.martlet) return;
      // Read now: once the script has run, the browser forgets which tag it came from.
      var tag = document.currentScript;

      var VERSION = "1.0.0";
      // The server takes 32 KB per event and 500 KB per batch; a keepalive request or a beacon may carry 64 KB.
      var EVENT_BYTES = 32000, BATCH_BYTES = 450000, LEAVING_BYTES = 60000;
      var BATCH_EVENTS = 100, QUEUE_EVENTS = 1000;
      var FLUSH_DELAY_MS = 250, ANSWER_TIMEOUT_MS = 20000, SETTLING_MS = 50;
      var RETRY_MINIMUM_MS = 1000, RETRY_MAXIMUM_MS = 60000, RETRY_AFTER_MAXIMUM_MS = 300000;
      var QUERY_PROPERTIES = 20, QUERY_NAME_LENGTH = 64, QUERY_VALUE_LENGTH = 512;

      var navigator = window.navigator;
      var debugging = false;

      function warn(problem, detail) {
        if (debugging && window.console) window.console.warn("martlet: " + problem, detail);
      }

      // Everything that the page or the browser calls goes through here: what breaks in us must not break the shop.
      function guarded(work) {
        return function () {
          try {
            return work.apply(this, arguments);
          } catch (error) {
            warn("a call failed and was ignored", error);
          }
        };
      }

      function isObject(value) {
        return Object.prototype.toString.call(value) === "[object Object]";
      }

      // These three names reach a prototype in some program further along, so no object of ours ever carries them.
      function isUnsafe(name) {
        return /^(__proto__|constructor|prototype)$/.test(name);
      }

      // What JSON makes of `value`: dates become text, functions vanish, and nothing is shared with the page any more.
      // A cycle, a big integer or a getter that throws costs the object, not the event.
      function copied(value) {
        if (!isObject(value)) return {};
        try {
          return parsed(JSON.stringify(value));
        } catch (error) {
          warn("an object cannot be sent as JSON and was left out", error);
          return {};
        }
      }

      function parsed(text) {
        try {
          var value = JSON.parse(text, function (name, item) {
            return isUnsafe(name) ? undefined : item;
          });
          return isObject(value) ? value : {};
        } catch (error) {
          return {};
        }
      }

      function merged(first, second) {
        var result = copied(first);
        var other = copied(second);
        Object.keys(other).forEach(function (name) {
          result[name] = other[name];
        });
        return result;
      }

      // An identifier as text; null where there is none. An object is never an identifier ("[object Object]").
      function identifier(value) {
        if (typeof value === "number" && isFinite(value)) value = String(value);
        return typeof value === "string" && value !== "" ? value.slice(0, QUERY_VALUE_LENGTH) : null;
      }

      function bytes(text) {
        return new Blob([text]).size;
      }

      function uuid() {
        var crypto = window.crypto;
        // Only secure pages have randomUUID, and shops in a local network often are not.
        if (crypto && crypto.randomUUID) return crypto.randomUUID();
        return "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, function () {
          var random = crypto && crypto.getRandomValues ? crypto.getRandomValues(new Uint8Array(1))[0] : Math.random() * 256;
          return (random & 15).toString(16);
        });
      }
    """#
}

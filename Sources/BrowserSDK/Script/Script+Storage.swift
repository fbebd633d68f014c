extension Script {
    /// Where values are kept: localStorage, else a cookie (identifiers only), else this page's memory.
    static let storage = #"""

      // Each event of the queue has a key of its own. Two tabs that write at the same moment then never overwrite
      // each other, which they would if the queue were one array under one key.
      var memory = Object.create(null);

      function recall(key) {
        if (key in memory) return memory[key];
        try {
          return window.localStorage.getItem(key);
        } catch (error) {
          return null;
        }
      }

      // Whether the value will be there after this page.
      function keep(key, value) {
        try {
          window.localStorage.setItem(key, value);
          delete memory[key];
          return true;
        } catch (error) {
          // Storage is switched off or full.
          memory[key] = value;
          return false;
        }
      }

      function forget(key) {
        delete memory[key];
        try {
          window.localStorage.removeItem(key);
        } catch (error) {}
      }

      function keysBeginning(prefix) {
        var keys = Object.keys(memory);
        try {
          keys = keys.concat(Object.keys(window.localStorage));
        } catch (error) {}
        return keys.filter(function (key) {
          return key.indexOf(prefix) === 0;
        }).sort();
      }

      function cookie(name) {
        var found = null;
        try {
          document.cookie.split("; ").forEach(function (pair) {
            if (pair.indexOf(name + "=") === 0) found = decodeURIComponent(pair.slice(name.length + 1));
          });
        } catch (error) {}
        return found;
      }

      function setCookie(name, value) {
        try {
          document.cookie = name + "=" + encodeURIComponent(value || "") + "; path=/; SameSite=Lax; max-age=" +
            (value ? 31536000 : 0) + (domain ? "; domain=" + domain : "") + (window.location.protocol === "https:" ? "; Secure" : "");
        } catch (error) {}
      }
    """#
}

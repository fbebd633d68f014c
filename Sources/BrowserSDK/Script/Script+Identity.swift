extension Script {
    /// Who the visitor is, as this browser knows it.
    static let identity = #"""

      var ANONYMOUS_ID = "martlet_anonymous_id", USER_ID = "martlet_user_id", USER_TRAITS = "martlet_user_traits";
      var GROUP_ID = "martlet_group_id", GROUP_TRAITS = "martlet_group_traits", CONSENT = "martlet_consent";

      // Global Privacy Control is the visitor's word against being followed from site to site. Where it is on,
      //   - every event says so (context.gpc = true), so that the server's consent rules can act on it;
      //   - nothing that could join this visitor to another site is read, sent or stored: no ajs_uid, ajs_aid or
      //     ajs_trait_* from a link, no campaign, no query string (which carries the click ids of advertisers);
      //   - the anonymous id stays in this site's own storage, which no other site can read, and never in a cookie.
      // Events are still sent: the signal is about sharing and selling, and the server decides about those.
      function isPrivate() {
        return navigator.globalPrivacyControl === true;
      }

      function recallId(key) {
        return identifier(recall(key)) || (isPrivate() ? null : identifier(cookie(key)));
      }

      // With a domain, identifiers are in a cookie that all of its subdomains have, and nowhere else: who signs out on one is signed out on all.
      function keepId(key, value) {
        if (value === null) {
          forget(key);
          setCookie(key, "");
        } else if (domain && !isPrivate()) {
          setCookie(key, value);
          if (cookie(key) === value) forget(key);
          else keep(key, value);
        } else if (!keep(key, value) && !isPrivate()) {
          setCookie(key, value);
        }
        return value;
      }

      // What this subdomain knew by itself goes into the cookie, unless another one was first.
      function shareIds() {
        [ANONYMOUS_ID, USER_ID, GROUP_ID].forEach(function (key) {
          var own = identifier(recall(key));
          if (own) keepId(key, identifier(cookie(key)) || own);
        });
      }

      // A visitor whom analytics.js already knew keeps the identifier they had: changing over loses nobody's history.
      function inheritedId() {
        var text = recall("ajs_anonymous_id");
        return text && identifier(text.replace(/^"|"$/g, ""));
      }

      function anonymousId() {
        return recallId(ANONYMOUS_ID) || keepId(ANONYMOUS_ID, inheritedId() || uuid());
      }

      // Whoever signs in on a device where somebody else was signed in starts anew:
      // with the old anonymous id, the two would look like one person.
      function setUser(id) {
        var previous = recallId(USER_ID);
        if (previous !== null && previous !== id) {
          forget(USER_TRAITS);
          forget(CONSENT);
          keepId(ANONYMOUS_ID, uuid());
        }
        keepId(USER_ID, id);
      }

      function addTraits(key, traits) {
        var all = merged(parsed(recall(key)), traits);
        keep(key, JSON.stringify(all));
        return all;
      }

      // What somebody allowed goes with them: the next one on this device has not been asked.
      function forgetPerson() {
        [ANONYMOUS_ID, USER_ID, GROUP_ID].forEach(function (key) {
          keepId(key, null);
        });
        // The inherited identifier would otherwise come back with the next call.
        [USER_TRAITS, GROUP_TRAITS, CONSENT, "ajs_anonymous_id"].forEach(forget);
      }
    """#
}

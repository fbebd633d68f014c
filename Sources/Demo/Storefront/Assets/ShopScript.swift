extension Storefront {
    /// `/shop/assets/shop.js`: the basket, and what it tells the browser SDK.
    static let script = #"""
    (function () {
      "use strict";
      var page = document.body.dataset;
      var FREE_SHIPPING_PENCE = 4000, SHIPPING_PENCE = 395;

      // A blocked script or a full storage must not stop anybody from filling a basket.
      // Whoever said no is not counted: what they look at is not told, what they order and choose is.
      function isUncounted(name, event) {
        return (name === "page" || name === "track" && / Viewed$/.test(event)) && read("wren_uncounted", false);
      }
      function tell(name, event) {
        var analytics = window.analytics;
        if (isUncounted(name, event)) return;
        if (analytics && typeof analytics[name] === "function") return analytics[name].apply(analytics, [].slice.call(arguments, 1));
      }
      function read(key, otherwise) {
        try { return JSON.parse(localStorage.getItem(key)) || otherwise; } catch (error) { return otherwise; }
      }
      function write(key, value) {
        try { localStorage.setItem(key, JSON.stringify(value)); } catch (error) {}
      }
      function find(selector) { return document.querySelector(selector); }
      function each(selector, use) { [].forEach.call(document.querySelectorAll(selector), use); }
      function on(selector, event, use) { each(selector, function (element) { element.addEventListener(event, use); }); }
      function element(name, text, className) {
        var made = document.createElement(name);
        if (text !== undefined) made.textContent = text;
        if (className) made.className = className;
        return made;
      }
      function pounds(pence) { return "£" + (pence / 100).toFixed(2); }
      function traits() { var user = tell("user"); return user ? user.traits() : {}; }
      function userId() { var user = tell("user"); return user ? user.id() : null; }

      // The basket: lines of { id, name, category, color, pence, quantity }.
      function lines() {
        var kept = read("wren_basket", []);
        return Array.isArray(kept) ? kept.filter(function (line) { return line && line.id && line.quantity > 0 && line.pence >= 0; }) : [];
      }
      function facts(line) {
        return { product_id: line.id, name: line.name, category: line.category, price: line.pence / 100, quantity: line.quantity, currency: "GBP" };
      }
      function sums(coupon) {
        var subtotal = lines().reduce(function (sum, line) { return sum + line.pence * line.quantity; }, 0);
        var discount = coupon === "WREN10" ? Math.floor(subtotal / 10) : 0;
        var revenue = subtotal - discount;
        var shipping = revenue === 0 || revenue >= FREE_SHIPPING_PENCE ? 0 : SHIPPING_PENCE;
        return { subtotal: subtotal, discount: discount, revenue: revenue, shipping: shipping, total: revenue + shipping };
      }
      function save(next) { write("wren_basket", next); show(); }

      function row(list, name, value, className) {
        list.append(element("dt", name, className), element("dd", value, className));
      }
      function show() {
        var all = lines(), amount = sums();
        var pieces = all.reduce(function (sum, line) { return sum + line.quantity; }, 0);
        each("[data-count]", function (count) { count.textContent = pieces; count.hidden = pieces === 0; });
        each("[data-empty]", function (note) { note.hidden = all.length > 0; });
        each("[data-full]", function (part) { part.hidden = all.length === 0; });
        each("[data-lines]", function (list) { list.replaceChildren.apply(list, all.map(item)); });
        each("[data-sums]", function (list) {
          list.replaceChildren();
          row(list, "Tea and things", pounds(amount.subtotal));
          row(list, "Post", amount.shipping ? pounds(amount.shipping) : "free");
          row(list, "Total", pounds(amount.total), "total");
        });
        var known = traits();
        each("[data-account]", function (link) {
          link.textContent = userId() ? known.firstName || known.name || "Account" : "Sign in";
          link.setAttribute("href", userId() ? "/shop/account" : "/shop/sign-in");
        });
      }
      function item(line) {
        var made = element("li"), what = element("span", undefined, "what");
        var link = element("a", line.name);
        link.setAttribute("href", "/shop/p/" + encodeURIComponent(line.id));
        what.append(link, element("br"), element("span", line.quantity + " × " + pounds(line.pence), "small"));
        made.append(swatch(line.color), what);
        if (page.page === "cart") {
          var button = element("button", "Remove", "plain");
          button.type = "button";
          button.setAttribute("aria-label", "Remove " + line.name);
          button.addEventListener("click", function () {
            save(lines().filter(function (other) { return other.id !== line.id; }));
            tell("track", "Product Removed", facts(line));
          });
          made.append(button);
        }
        return made;
      }
      function swatch(color) {
        var svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
        var tin = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        svg.setAttribute("class", "swatch");
        svg.setAttribute("aria-hidden", "true");
        [["width", 18], ["height", 24], ["rx", 4], ["fill", "#" + (/^[0-9a-f]{6}$/.test(color) ? color : "888888")]].forEach(function (pair) {
          tin.setAttribute(pair[0], pair[1]);
        });
        svg.append(tin);
        return svg;
      }

      // People of the demonstration's history keep their ids when they sign in here; anybody else gets one from the address.
      function idFor(email) {
        if (email === "ada@example.com") return "u1";
        var known = /^[^@]+\.(\d+)@example\.(com|net|org)$/.exec(email);
        if (known) return "u" + known[1];
        var hash = 2166136261;
        for (var i = 0; i < email.length; i++) hash = Math.imul(hash ^ email.charCodeAt(i), 16777619) >>> 0;
        return "web-" + hash.toString(36);
      }
      function person(form) {
        var name = form.name.value.trim(), email = form.email.value.trim().toLowerCase();
        var words = name.split(/\s+/);
        return { name: name, firstName: words[0], lastName: words.slice(1).join(" ") || undefined, email: email };
      }
      function choose(preferences) {
        tell("consent", preferences);
        tell("track", "Segment Consent Preference Updated", preferences);
        write("wren_choices", true);
        if ("analytics" in preferences) write("wren_uncounted", !preferences.analytics);
      }

      // What each page does.
      if (page.page === "product") {
        var shown = { id: page.productId, name: page.name, category: page.category, color: page.color, pence: Number(page.pence), quantity: 1 };
        tell("page", page.title);
        tell("track", "Product Viewed", facts(shown));
        on("[data-add]", "submit", function (event) {
          event.preventDefault();
          shown.quantity = Math.min(40, Math.max(1, Math.floor(Number(event.target.quantity.value)) || 1));
          var all = lines(), same = all.filter(function (line) { return line.id === shown.id; })[0];
          if (same) same.quantity += shown.quantity; else all.push(shown);
          save(all);
          tell("track", "Product Added", facts(shown));
          find("[data-said]").textContent = "In the basket.";
        });
      } else {
        tell("page", page.title);
      }
      if (page.page === "shelf" && page.category) tell("track", "Product List Viewed", { list_id: page.list, category: page.category });
      if (page.page === "cart" && lines().length) tell("track", "Cart Viewed", { products: lines().map(facts) });
      if (page.page === "checkout" && lines().length) {
        var opening = sums(), known = traits(), form = find("[data-pay]");
        tell("track", "Checkout Started", { value: opening.revenue / 100, currency: "GBP", products: lines().map(facts) });
        form.name.value = known.name || "";
        form.email.value = known.email || "";
        on("[data-pay]", "submit", function (event) {
          event.preventDefault();
          var coupon = form.coupon.value.trim().toUpperCase(), amount = sums(coupon), who = person(form);
          var order = "WEB-" + Date.now().toString(36).toUpperCase();
          if (coupon) tell("track", coupon === "WREN10" ? "Coupon Applied" : "Coupon Denied", { coupon_id: coupon, order_id: order });
          who.address = { street: form.street.value, postalCode: form.postalCode.value, city: form.city.value };
          tell("identify", idFor(who.email), who);
          tell("track", "Order Completed", {
            order_id: order, subtotal: amount.subtotal / 100, discount: amount.discount / 100, revenue: amount.revenue / 100, tax: 0,
            shipping: amount.shipping / 100, total: amount.total / 100, currency: "GBP", coupon: coupon === "WREN10" ? coupon : undefined, products: lines().map(facts)
          });
          write("wren_order", order);
          write("wren_basket", []);
          location.href = "/shop/thanks";
        });
      }
      if (page.page === "thanks" && read("wren_order")) find("[data-order]").textContent = read("wren_order");
      on("[data-sign-in]", "submit", function (event) {
        event.preventDefault();
        var who = person(event.target), offers = event.target.offers.checked;
        tell("identify", idFor(who.email), who);
        tell("track", "Signed In", {});
        if (offers) choose({ "email.offers": true });
        location.href = "/shop/account";
      });
      if (page.page === "account" && userId()) {
        var mine = traits(), list = find("[data-traits]"), profile = find("[data-profile]");
        find("[data-signed-out]").hidden = true;
        find("[data-signed-in]").hidden = false;
        [["Name", mine.name], ["E-mail", mine.email], ["Id", userId()]].forEach(function (pair) { if (pair[1]) row(list, pair[0], pair[1]); });
        profile.offers.checked = (tell("consent", {}) || {})["email.offers"] === true;
        if (mine.favouriteTea) profile.favouriteTea.value = mine.favouriteTea;
        on("[data-profile]", "submit", function (event) {
          event.preventDefault();
          tell("identify", { favouriteTea: profile.favouriteTea.value });
          choose({ "email.offers": profile.offers.checked });
          find("[data-said]").textContent = "Saved.";
        });
        on("[data-sign-out]", "click", function () {
          tell("track", "Signed Out", {});
          tell("reset");
          // Whoever comes next is asked again.
          write("wren_choices", false);
          write("wren_uncounted", false);
          location.href = "/shop";
        });
      }

      // The foot: who the visitor is to us, and what they allow.
      var visitor = tell("user");
      if (visitor) {
        find("[data-anonymous-id]").textContent = visitor.anonymousId();
        find("[data-console-link]").setAttribute("href", page.console + encodeURIComponent(visitor.anonymousId()));
        find("[data-gpc]").hidden = navigator.globalPrivacyControl !== true;
        find("[data-who]").hidden = false;
      }
      find("[data-consent]").hidden = read("wren_choices", false);
      on("[data-consent-open]", "click", function () { find("[data-consent]").hidden = false; find("[data-answer]").focus(); });
      on("[data-answer]", "click", function (event) {
        var answer = event.target.dataset.answer;
        choose({ analytics: answer !== "none", "email.offers": answer === "both" });
        find("[data-consent]").hidden = true;
      });
      show();
    })();
    """#
}

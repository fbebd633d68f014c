extension Scripts {
    static let segment = #"""
        // The editor of a segment: the answer follows the text, and rows write the text. Without this, the Count button counts.

        const form = document.getElementById("segment-form");
        const area = form.elements.text;
        const answer = document.getElementById("answer");
        const rows = document.getElementById("rows");
        const list = document.getElementById("row-list");
        const away = document.getElementById("rows-away");
        const rowTemplate = document.getElementById("row-template");
        const groupTemplate = document.getElementById("group-template");
        const numbers = new Intl.NumberFormat(document.documentElement.lang);
        let asked = 0, made = 0, timer, root;

        document.getElementById("count-button").hidden = true;
        rows.hidden = false;
        area.addEventListener("input", () => later(false));
        form.elements.zone.addEventListener("change", () => later(false));
        answer.addEventListener("click", (event) => {
          const mark = event.target.closest(".place") && answer.querySelector("mark");
          if (!mark) return;
          area.focus();
          area.setSelectionRange(Number(mark.dataset.start), Number(mark.dataset.end));
        });

        function later(fromRows) {
          clearTimeout(timer);
          timer = setTimeout(() => ask(fromRows), 250);
        }

        // Rows and groups that say something, a group before what it holds: the order in which the server counts.
        const nodes = () => [...root.querySelectorAll(".row, .group")].filter((node) => said(node));

        // One question at a time is of interest: the answer to an older one is dropped.
        async function ask(fromRows) {
          const number = ++asked;
          const text = area.value;
          const shown = nodes();
          const body = new URLSearchParams({ csrf: form.elements.csrf.value, text, zone: form.elements.zone.value });
          if (fromRows) shown.forEach((node) => body.append("row", said(node)));
          let reply;
          try {
            const got = await fetch(form.dataset.count, { method: "POST", body, headers: { Accept: "application/json" } });
            if (!got.ok) return;
            reply = await got.json();
          } catch { return; /* The server is away; the next change asks again. */ }
          if (number !== asked) return;
          // Made by the server, which escapes every value in it.
          answer.replaceChildren(...new DOMParser().parseFromString(reply.html, "text/html").body.childNodes);
          if (fromRows) {
            if (area.value === text && reply.text) area.value = reply.text;
            shown.forEach((node, at) => count(node, reply.counts[at]));
          } else if (reply.text || !text.trim()) show(reply);
        }

        function show(reply) {
          rows.hidden = Boolean(reply.text) && !reply.rows;
          away.hidden = !rows.hidden;
          // A row that is not finished yet stays while there is no text.
          if (!reply.rows) { if (said(root)) setRoot({ mode: "all", items: [] }); return; }
          // Rows that say it already stay, with whatever field is being used.
          if (said(root) !== reply.text || nodes().length !== reply.counts.length) setRoot(reply.rows);
          nodes().forEach((node, at) => count(node, reply.counts[at]));
        }

        function count(node, value) {
          node.querySelector("output").textContent = value === null || value === undefined ? "" : numbers.format(value);
        }

        // A copy of a template's part has names of its own for its fields.
        function copy(template) {
          const node = template.content.firstElementChild.cloneNode(true);
          made += 1;
          for (const label of node.querySelectorAll("label")) {
            const input = label.nextElementSibling;
            input.id += "-" + made;
            label.htmlFor = input.id;
          }
          return node;
        }

        function setRoot(values) {
          root = group(values);
          root.classList.add("root");
          root.querySelector(".row-drop").remove();
          list.replaceChildren(root);
        }

        const items = (node) => node.querySelector(":scope > .group-items");

        function group(values) {
          const node = copy(groupTemplate);
          const mode = node.querySelector("select");
          mode.value = values.mode;
          mode.addEventListener("change", write);
          node.querySelector(".row-drop").addEventListener("click", () => { node.remove(); write(); });
          node.querySelector(".row-add").addEventListener("click", () => { asked += 1; add(node, { kind: "trait" }).querySelector("select").focus(); });
          node.querySelector(".group-add").addEventListener("click", () => {
            asked += 1;
            const mode = node.querySelector("select").value === "any" ? "all" : "any";
            add(node, { kind: "group", mode, items: [{ kind: "trait" }] }).querySelector("select").focus();
          });
          for (const item of values.items) add(node, item);
          return node;
        }

        function add(into, values) {
          const node = values.kind === "group" ? group(values) : row(values);
          items(into).append(node);
          return node;
        }

        function row(values) {
          const node = copy(rowTemplate);
          for (const part of node.querySelectorAll(".row-part")) {
            const input = part.querySelector("input, select");
            const name = part.dataset.part;
            if (values[name] !== undefined) input.value = values[name];
            // Before it is changed, a row stands for exactly the text that it was made of.
            input.addEventListener(input.matches("select") ? "change" : "input", () => { fit(node); node.dataset.text = text(node); write(); });
          }
          node.querySelector(".row-drop").addEventListener("click", () => { node.remove(); write(); });
          node.dataset.text = values.text || "";
          fit(node);
          return node;
        }

        const value = (row, name) => row.querySelector(`[data-part="${name}"]`).querySelector("input, select").value.trim();
        const unvalued = (test) => test === "exists" || test === "is missing";

        function fit(row) {
          const kind = value(row, "kind");
          const part = (name) => row.querySelector(`[data-part="${name}"]`);
          for (const each of row.querySelectorAll(".row-part")) each.hidden = !each.dataset.kinds.split(" ").includes(kind);
          const isText = kind !== "measure", isFrequent = value(row, "measure") === "most frequent";
          for (const option of part("test").querySelectorAll("option")) option.hidden = !isText && (isFrequent ? option.value !== "=" : option.value.length > 2 || option.value === "in");
          if (!isText && part("test").querySelector("select").selectedOptions[0].hidden) part("test").querySelector("select").value = isFrequent ? "=" : ">=";
          if (isText && unvalued(value(row, "test"))) part("value").hidden = true;
          if (!value(row, "filter")) part("filter-test").hidden = true;
          if (part("filter-test").hidden || unvalued(value(row, "filter-test"))) part("filter-value").hidden = true;
        }

        function write() {
          area.value = said(root);
          for (const node of root.querySelectorAll(".row, .group")) count(node, null);
          later(true);
        }

        // The text of a row or a group; empty while something is missing. Rows of text may hold an `or`, so they stand in parentheses.
        function said(node) {
          if (node.matches(".row")) return node.dataset.text;
          const mode = node.querySelector("select").value;
          const texts = [...items(node).children].map((item) => said(item) && holdsMany(item) ? `(${said(item)})` : said(item)).filter(Boolean);
          const inner = texts.join(mode === "all" || mode === "not-all" ? " and " : " or ");
          return inner && (mode === "none" || mode === "not-all") ? `not (${inner})` : inner;
        }

        const holdsMany = (item) => item.matches(".row") ? value(item, "kind") === "text" : /^(all|any)$/.test(item.querySelector("select").value) && items(item).children.length > 1;

        // The text of one row; empty while something is missing.
        function text(row) {
          const kind = value(row, "kind");
          if (kind === "text") return value(row, "raw");
          if (kind === "list" || kind === "unlisted") return value(row, "listed") ? `${kind === "list" ? "" : "not "}in list ${quoted(value(row, "listed"))}` : "";
          if (kind === "within" || kind === "outside") return value(row, "segment") ? `${kind === "within" ? "" : "not "}in segment ${quoted(value(row, "segment"))}` : "";
          const account = value(row, "account") ? `account ${quoted(value(row, "account"))}` : "any account";
          if (kind === "member") return `is member of ${account}${value(row, "role") ? ` with role ${quoted(value(row, "role"))}` : ""}`;
          if (kind === "trait") return value(row, "trait") && compared(named(value(row, "trait")), value(row, "test"), value(row, "value"));
          const days = value(row, "days");
          const window = days === "" ? "" : ` in last ${Number(days)} days`;
          if (!(days === "" || whole(days))) return "";
          if (kind === "sessions") return whole(value(row, "times")) ? `count of sessions${window} >= ${Number(value(row, "times"))}` : "";
          if (kind === "changed") return value(row, "trait") && days ? `${named(value(row, "trait"))} changed within last ${Number(days)} days` : "";
          if (!value(row, "event")) return "";
          if (kind === "as") return whole(value(row, "times")) ? `did ${quoted(value(row, "event"))} as member of ${account} at least ${Number(value(row, "times"))} times${window}` : "";
          const filter = value(row, "filter") && compared(named(value(row, "filter")), value(row, "filter-test"), value(row, "filter-value"));
          if (value(row, "filter") && !filter) return "";
          const event = quoted(value(row, "event")) + (filter ? ` where ${filter}` : "");
          if (kind === "did") return whole(value(row, "times")) ? `did ${event} at least ${Number(value(row, "times"))} times${window}` : "";
          if (kind === "not") return `did not do ${event}${window}`;
          const property = value(row, "property") && named(value(row, "property"));
          if (kind === "top") return property && share(value(row, "percent")) ? `sum(${property}) of ${event}${window} in top ${Number(value(row, "percent"))}%` : "";
          const measure = value(row, "measure"), given = value(row, "value");
          if (!property || !given || (measure !== "most frequent" && !/^-?\d+(\.\d+)?$/.test(given))) return "";
          return `${measure}(${property}) of ${event}${window} ${value(row, "test")} ${measure === "most frequent" ? quoted(given.replace(/^"(.*)"$/, "$1")) : given}`;
        }

        function compared(name, test, given) {
          if (unvalued(test)) return `${name} ${test}`;
          if (given === "") return "";
          if (test === "like") return `${name} contains ${quoted(given)} ignoring accents`;
          if (test === "in" || test === "not in") {
            const values = given.split(",").map((value) => value.trim()).filter(Boolean);
            return values.length ? `${name} ${test} (${values.map((value) => literal(value, "=")).join(", ")})` : "";
          }
          return `${name} ${test} ${test === "contains" || test.endsWith("version") ? quoted(given) : literal(given, test)}`;
        }

        const share = (text) => whole(text) && Number(text) <= 100;
        const whole = (text) => /^[1-9]\d{0,5}$/.test(text);
        const quoted = (text) => `"${text.replace(/[\\"]/g, "\\$&")}"`;
        const named = (text) => `\`${text.replace(/[\\`]/g, "\\$&")}\``;

        // Numbers, true, false and days stand bare; quotes around one make it a text.
        function literal(text, test) {
          if (/^".*"$/.test(text)) return quoted(text.slice(1, -1));
          const isBare = /^-?\d+(\.\d+)?$/.test(text) || text === "true" || text === "false" || (/^\d{4}-\d\d-\d\d$/.test(text) && !/^!?=$/.test(test));
          return isBare ? text : quoted(text);
        }

        setRoot({ mode: "all", items: [] });
        // What the server refused stays until something is changed.
        if (!document.querySelector("#answer .error")) ask(false);
        """#
}

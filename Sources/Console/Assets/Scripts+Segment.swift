extension Scripts {
    static let segment = #"""
        // The editor of a segment: the answer follows the text, and rows write the text. Without this, the Count button counts.

        const form = document.getElementById("segment-form");
        const area = form.elements.text;
        const answer = document.getElementById("answer");
        const rows = document.getElementById("rows");
        const list = document.getElementById("row-list");
        const join = document.getElementById("row-join");
        const away = document.getElementById("rows-away");
        const template = document.getElementById("row-template");
        const numbers = new Intl.NumberFormat(document.documentElement.lang);
        let asked = 0, made = 0, timer;

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
        document.getElementById("row-add").addEventListener("click", () => { asked += 1; add({ kind: "trait" }).querySelector("select").focus(); });
        join.addEventListener("change", write);
        ask(false);

        function later(fromRows) {
          clearTimeout(timer);
          timer = setTimeout(() => ask(fromRows), 250);
        }

        // One question at a time is of interest: the answer to an older one is dropped.
        async function ask(fromRows) {
          const number = ++asked;
          const text = area.value;
          const shown = [...list.children].map((row) => row.dataset.text).filter(Boolean);
          const body = new URLSearchParams({ csrf: form.elements.csrf.value, text, zone: form.elements.zone.value });
          if (fromRows) shown.forEach((row) => body.append("row", row));
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
            let at = 0;
            for (const row of list.children) if (row.dataset.text) count(row, reply.counts[at++]);
          } else if (reply.text || !text.trim()) show(reply);
        }

        function show(reply) {
          const fits = Array.isArray(reply.rows);
          rows.hidden = !fits && Boolean(reply.text);
          away.hidden = !rows.hidden;
          // A row that is not finished yet stays while there is no text.
          for (const row of [...list.children]) if (fits || row.dataset.text) row.remove();
          if (!fits) return;
          join.value = reply.join;
          reply.rows.forEach((row, at) => count(add(row), reply.counts[at]));
        }

        function count(row, value) {
          row.querySelector("output").textContent = value === null || value === undefined ? "" : numbers.format(value);
        }

        function add(values) {
          const row = template.content.firstElementChild.cloneNode(true);
          made += 1;
          for (const part of row.querySelectorAll(".row-part")) {
            const input = part.querySelector("input, select");
            const name = part.dataset.part;
            input.id += "-" + made;
            part.querySelector("label").htmlFor = input.id;
            if (values[name] !== undefined) input.value = values[name];
            // Before it is changed, a row stands for exactly the text that it was made of.
            input.addEventListener(input.matches("select") ? "change" : "input", () => { fit(row); row.dataset.text = text(row); write(); });
          }
          row.querySelector(".row-drop").addEventListener("click", () => { row.remove(); write(); });
          row.dataset.text = values.text || "";
          fit(row);
          list.append(row);
          return row;
        }

        const value = (row, name) => row.querySelector(`[data-part=${name}]`).querySelector("input, select").value.trim();

        function fit(row) {
          const kind = value(row, "kind");
          for (const part of row.querySelectorAll(".row-part")) part.hidden = !part.dataset.kinds.split(" ").includes(kind);
          for (const option of row.querySelectorAll("[data-part=test] option")) option.hidden = kind === "sum" && option.value.length > 2;
          if (value(row, "test") === "exists" || value(row, "test") === "is missing") row.querySelector("[data-part=value]").hidden = true;
        }

        function write() {
          area.value = [...list.children].map((row) => row.dataset.text).filter(Boolean).join(` ${join.value} `);
          for (const row of list.children) count(row, null);
          later(true);
        }

        // The text of one row; empty while something is missing.
        function text(row) {
          const kind = value(row, "kind");
          if (kind === "list" || kind === "unlisted") return value(row, "listed") ? `${kind === "list" ? "" : "not "}in list ${quoted(value(row, "listed"))}` : "";
          const account = value(row, "account") ? `account ${quoted(value(row, "account"))}` : "any account";
          if (kind === "member") return `is member of ${account}${value(row, "role") ? ` with role ${quoted(value(row, "role"))}` : ""}`;
          const days = value(row, "days");
          const window = days === "" ? "" : ` in last ${Number(days)} days`;
          if (!(days === "" || whole(days))) return "";
          if (kind === "sessions") return whole(value(row, "times")) ? `count of sessions${window} >= ${Number(value(row, "times"))}` : "";
          if (kind === "changed") return value(row, "trait") && days ? `${named(value(row, "trait"))} changed within last ${Number(days)} days` : "";
          if (kind !== "trait" && !value(row, "event")) return "";
          const event = quoted(value(row, "event"));
          if (kind === "as") return whole(value(row, "times")) ? `did ${event} as member of ${account} at least ${Number(value(row, "times"))} times${window}` : "";
          if (kind === "did") return whole(value(row, "times")) ? `did ${event} at least ${Number(value(row, "times"))} times${window}` : "";
          if (kind === "not") return `did not do ${event}${window}`;
          const test = value(row, "test"), given = value(row, "value");
          if (kind === "sum") return value(row, "property") && /^-?\d+(\.\d+)?$/.test(given) ? `sum(${named(value(row, "property"))}) of ${event}${window} ${test} ${given}` : "";
          if (kind === "top") return value(row, "property") && share(value(row, "percent")) ? `sum(${named(value(row, "property"))}) of ${event}${window} in top ${Number(value(row, "percent"))}%` : "";
          if (!value(row, "trait")) return "";
          const trait = named(value(row, "trait"));
          if (test === "exists" || test === "is missing") return `${trait} ${test}`;
          if (given === "") return "";
          if (test === "like") return `${trait} contains ${quoted(given)} ignoring accents`;
          return `${trait} ${test} ${test === "contains" || test.endsWith("version") ? quoted(given) : literal(given, test)}`;
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
        """#
}

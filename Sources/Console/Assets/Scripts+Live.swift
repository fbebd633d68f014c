extension Scripts {
    static let live = #"""
        // Arrivals as they happen. Words and drawings come from the page; what arrives is only ever set as text.

        const list = document.getElementById("live");
        if (list && list.dataset.stream) follow(list);

        // Home of an empty workspace: the step ticks itself off when something arrives.
        const steps = document.querySelector("[data-reload-on-event]");
        if (steps) {
          const stream = new EventSource(steps.dataset.reloadOnEvent);
          // Not sooner than two seconds after loading: a stream that repeats itself must not keep the page reloading.
          stream.onmessage = () => {
            stream.close();
            setTimeout(() => location.reload(), Math.max(200, 2000 - performance.now()));
          };
        }

        function follow(list) {
          const rows = document.getElementById("live-rows");
          const empty = document.getElementById("live-empty");
          const state = document.getElementById("live-state");
          const pause = document.getElementById("live-pause");
          const filter = document.getElementById("live-filter");
          const labels = [...list.querySelectorAll("thead th")].map((head) => head.textContent);
          const max = Number(list.dataset.max);
          const workspace = document.body.dataset.workspace;
          const clock = new Intl.DateTimeFormat(document.documentElement.lang,
            { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
          let waiting = [];
          let isPaused = false;
          let isDue = false;
          let newest = Math.max(0, ...[...rows.children].map((row) => Number(row.dataset.position)));

          const stream = new EventSource(list.dataset.stream + location.search);
          stream.onopen = showState;
          stream.onerror = showState;
          stream.onmessage = (message) => {
            const arrival = JSON.parse(message.data);
            // The stream begins a little before the page was made, so that nothing falls between; positions only grow.
            if (arrival.position <= newest) return;
            if (!matches(arrival)) return;
            newest = Math.max(newest, arrival.position || 0);
            waiting.push(arrival);
            if (waiting.length > max) waiting.shift();
            if (isPaused) showState();
            else if (!isDue) { isDue = true; requestAnimationFrame(show); }
          };
          // A page in the background gets no frames; what waits is bounded above, and is shown on return.

          pause.hidden = false;
          pause.addEventListener("click", () => {
            isPaused = !isPaused;
            pause.setAttribute("aria-pressed", String(isPaused));
            const words = pause.querySelector("span");
            words.textContent = isPaused ? words.dataset.on : words.dataset.off;
            if (!isPaused) show();
            showState();
          });

          // Choosing submits: the address holds the filter, and the server knows more than the rows that are here.
          filter.querySelectorAll("select").forEach((menu) => menu.addEventListener("change", () => filter.requestSubmit()));

          function show() {
            isDue = false;
            for (const arrival of waiting) rows.prepend(row(arrival));
            waiting = [];
            while (rows.children.length > max) rows.lastElementChild.remove();
            empty.hidden = rows.children.length > 0;
          }

          function showState() {
            const isOpen = stream.readyState === EventSource.OPEN;
            state.className = "status " + (isPaused ? "caution" : isOpen ? "good" : "quiet");
            state.textContent = isPaused
              ? state.dataset.paused + (waiting.length ? " · " + list.dataset.waiting.replace("{n}", waiting.length) : "")
              : isOpen ? state.dataset.live : state.dataset.lost;
          }

          function matches(arrival) {
            const wants = new FormData(filter);
            const text = (wants.get("text") || "").toLowerCase();
            const all = [arrival.event, arrival.type, arrival.person, arrival.summary, arrival.source].join(" ").toLowerCase();
            return ["type", "source", "verdict"].every((name) => !wants.get(name) || wants.get(name) === arrival[name]) && all.includes(text);
          }

          function row(arrival) {
            const line = document.createElement("tr");
            line.className = "fresh";
            line.dataset.position = arrival.position;
            line.append(
              cell(0, time(arrival.receivedAt)), cell(1, call(arrival)), cell(2, person(arrival)),
              cell(3, bdi(arrival.summary || "")), cell(4, titled(bdi(arrival.source || ""))), cell(5, verdict(arrival)));
            line.children[3].className = "summary";
            return line;
          }

          function cell(index, content) {
            const cell = document.createElement("td");
            cell.dataset.label = labels[index];
            cell.append(content);
            return cell;
          }

          function bdi(text) {
            const element = document.createElement("bdi");
            element.textContent = text;
            return element;
          }

          function titled(element) {
            element.title = element.textContent;
            return element;
          }

          // `receivedAt` comes as milliseconds or as ISO 8601.
          function time(receivedAt) {
            const instant = new Date(receivedAt);
            const element = document.createElement("time");
            element.className = "num";
            element.dataset.clock = "s";
            element.dateTime = instant.toISOString();
            element.title = instant.toISOString().replace("T", " ").replace("Z", " UTC");
            element.textContent = clock.format(instant);
            return element;
          }

          function call(arrival) {
            const element = document.createElement("span");
            element.className = "call";
            element.title = arrival.type;
            const icon = document.querySelector(`template[data-call="${CSS.escape(arrival.type)}"]`) || document.querySelector('template[data-call="track"]');
            element.append(icon.content.cloneNode(true), bdi(arrival.event || arrival.type));
            return element;
          }

          function link(path, content) {
            const element = document.createElement("a");
            element.href = `/w/${encodeURIComponent(workspace)}/${path}`;
            element.append(content);
            return element;
          }

          function person(arrival) {
            if (!arrival.person) return "–";
            const name = bdi(arrival.person);
            return arrival.profileId ? link("profiles/" + encodeURIComponent(arrival.profileId), name) : name;
          }

          function verdict(arrival) {
            const mark = document.querySelector(`template[data-verdict="${CSS.escape(arrival.verdict)}"]`);
            const content = mark ? mark.content.cloneNode(true) : bdi(arrival.verdict);
            return arrival.verdict === "quarantined" ? link("quarantine", content) : content;
          }
        }
        """#
}

extension Scripts {
    static let console = #"""
        // On every page: keys, copy buttons, times in the reader's own zone. The page reads and works without it.

        const lang = document.documentElement.lang;
        const workspace = document.body.dataset.workspace;

        // Times: the server writes its zone; the exact time on hover gains the reader's, and "3 min ago" stays true.
        const exact = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "long" });
        const clock = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
        const words = document.body.dataset;

        function showTime(time) {
          const instant = new Date(time.dateTime);
          if (isNaN(instant)) return;
          if (!time.dataset.zoned) {
            time.dataset.zoned = "1";
            time.title = exact.format(instant) + "\n" + time.title;
          }
          if (time.dataset.clock) {
            time.textContent = clock.format(instant);
            return;
          }
          const seconds = Math.trunc((Date.now() - instant) / 1000);
          // Older than a day changes too slowly to be worth a timer; the future and the last ten seconds keep the server's words.
          if (seconds < 10 || seconds >= 86400 || !words.minutes) return;
          const [phrase, unit] = seconds < 60 ? [words.seconds, 1] : seconds < 3600 ? [words.minutes, 60] : [words.hours, 3600];
          time.textContent = phrase.replace("{n}", Math.trunc(seconds / unit));
        }

        function showCopy(button) {
          if (!button.hidden) return;
          button.hidden = false;
          // Read once: a second press finds the word of the first.
          const words = button.querySelector("span");
          const before = words.textContent;
          let timer;
          button.addEventListener("click", async () => {
            await copy(button.dataset.copy);
            words.textContent = button.dataset.done;
            clearTimeout(timer);
            timer = setTimeout(() => { words.textContent = before; }, 1600);
          });
        }

        async function copy(text) {
          if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
          // Plain http on another host has no clipboard API.
          const area = document.createElement("textarea");
          area.value = text;
          (document.querySelector(":popover-open") || document.body).append(area);
          area.select();
          document.execCommand("copy");
          area.remove();
        }

        function enhance() {
          document.querySelectorAll("button.copy").forEach(showCopy);
          document.querySelectorAll("time[datetime]").forEach(showTime);
        }
        enhance();
        document.addEventListener("console:changed", enhance);
        setInterval(() => document.querySelectorAll("time[datetime]").forEach(showTime), 30000);

        // Keys: `/` searches, `g` then a letter goes, `?` helps. Who speaks to the computer can turn them off in the help (WCAG 2.1.4).
        const keysKey = "martlet.keys";
        const keysOn = () => localStorage.getItem(keysKey) !== "off";
        const toggle = document.getElementById("keys-on");
        if (toggle) {
          toggle.closest("[hidden]").hidden = false;
          toggle.checked = keysOn();
          toggle.addEventListener("change", () => localStorage.setItem(keysKey, toggle.checked ? "on" : "off"));
        }

        let goingUntil = 0;
        document.addEventListener("keydown", (event) => {
          if (!workspace || !keysOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
          if (event.target.closest("input:not([type=checkbox]):not([type=range]), textarea, select, [contenteditable]")) return;
          if (event.key === "/") {
            const search = document.getElementById("search");
            const rail = document.getElementById("rail");
            if (getComputedStyle(rail).display === "none") rail.showPopover();
            search.focus();
            search.select();
          } else if (event.key === "?") {
            document.getElementById("help").togglePopover();
          } else if (event.key === "g") {
            goingUntil = Date.now() + 1500;
            return;
          } else if (Date.now() < goingUntil) {
            const link = document.querySelector(`a[data-go="${CSS.escape(event.key)}"]`);
            goingUntil = 0;
            if (!link) return;
            link.click();
          } else {
            // What a page offers under a key of its own, as the answers of a review.
            const button = document.querySelector(`[data-press="${CSS.escape(event.key)}"]`);
            if (!button) return;
            button.click();
          }
          event.preventDefault();
        });

        // What is chosen of a longer row is in sight: the place in the rail, the tab. Moves the row alone, never the page.
        function showChosen() {
          for (const chosen of document.querySelectorAll(".places a[aria-current], .tabs a[aria-current]")) {
            const row = chosen.closest(".places, .tabs");
            const [own, around] = [chosen.getBoundingClientRect(), row.getBoundingClientRect()];
            if (own.top < around.top || own.bottom > around.bottom) row.scrollTop += (own.top + own.bottom - around.top - around.bottom) / 2;
            if (own.left < around.left || own.right > around.right) row.scrollLeft += (own.left + own.right - around.left - around.right) / 2;
          }
        }
        showChosen();

        // A dialog starts in the field where it asks for a name, else at its first control; Tab goes round inside it.
        const dialogs = ".dialog:popover-open, .drawer:popover-open";
        const controls = (dialog) => [...dialog.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0']")]
          .filter((control) => !control.disabled && control.getClientRects().length > 0);
        document.addEventListener("toggle", (event) => {
          if (event.newState !== "open") return;
          if (event.target.id === "rail") showChosen();
          if (!event.target.matches(dialogs)) return;
          const first = event.target.querySelector("input[type=text]") || controls(event.target)[0];
          if (first) first.focus();
        }, true);
        document.addEventListener("keydown", (event) => {
          const dialog = event.key === "Tab" && [...document.querySelectorAll(dialogs)].pop();
          if (!dialog) return;
          const all = controls(dialog);
          const edge = event.shiftKey ? all[0] : all[all.length - 1];
          if (document.activeElement !== edge && dialog.contains(document.activeElement)) return;
          event.preventDefault();
          (event.shiftKey ? all[all.length - 1] : all[0]).focus();
        });
        """#
}

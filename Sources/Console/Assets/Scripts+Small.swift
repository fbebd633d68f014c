extension Scripts {
    static let refresh = #"""
        // Fetches the page again and replaces the part that changes, as long as the server marks it so.

        let region = document.querySelector("[data-refresh]");
        schedule();

        function schedule() {
          const seconds = Number(region && region.dataset.refresh);
          if (seconds) setTimeout(refresh, seconds * 1000);
        }

        async function refresh() {
          // Never under the reader's hands: not while something in it is open or has the focus, nor in the background.
          const isInUse = document.hidden || region.querySelector("details[open]") || region.contains(document.activeElement)
            || document.querySelector(":popover-open");
          if (!isInUse) {
            try {
              const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
              // Signed out meanwhile: the answer is the door, not this page.
              if (answer.redirected) return;
              if (answer.ok) replace(await answer.text());
            } catch { /* The server is away; the next round asks again. */ }
          }
          schedule();
        }

        function replace(text) {
          const page = new DOMParser().parseFromString(text, "text/html");
          const fresh = page.querySelector("[data-refresh]");
          // Without the mark it changes no more: the whole page has something new to say, so it is loaded once.
          if (!fresh) { location.reload(); return; }
          region.replaceWith(fresh);
          region = fresh;
          document.dispatchEvent(new Event("console:changed"));
        }
        """#

    static let imports = #"""
        // A file can be dropped on the form; without this, the file field is there.

        const form = document.getElementById("upload");
        const area = form && form.querySelector(".drop");
        if (area) {
          const input = area.querySelector("input[type=file]");
          const hint = area.querySelector("[data-drop-hint]");
          const words = hint.textContent;
          hint.hidden = false;
          const leave = () => area.classList.remove("over");
          area.addEventListener("dragover", (event) => { event.preventDefault(); area.classList.add("over"); });
          area.addEventListener("dragleave", leave);
          area.addEventListener("drop", (event) => {
            event.preventDefault();
            leave();
            if (!event.dataTransfer.files.length) return;
            input.files = event.dataTransfer.files;
            input.dispatchEvent(new Event("change"));
          });
          input.addEventListener("change", () => {
            hint.textContent = input.files.length ? area.dataset.dropped.replace("{file}", input.files[0].name) : words;
          });
        }
        """#

    static let profile = #"""
        // The slider over a person's past: the date follows the thumb, and letting go shows the person as of then.

        const form = document.getElementById("as-of");
        const slider = form && form.querySelector("input[type=range]");
        if (slider) {
          const output = form.querySelector("output");
          const button = form.querySelector("button");
          const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
          const kept = "martlet.as-of-focus";
          let timer;
          button.hidden = true;
          slider.addEventListener("input", () => { output.textContent = format.format(new Date(Number(slider.value))); });
          // Arrow keys report a change each; the page waits until they rest.
          slider.addEventListener("change", () => {
            clearTimeout(timer);
            timer = setTimeout(() => {
              sessionStorage.setItem(kept, "1");
              if (Number(slider.max) - Number(slider.value) < Number(slider.step)) location.assign(form.action);
              else form.requestSubmit();
            }, 500);
          });
          if (sessionStorage.getItem(kept)) {
            sessionStorage.removeItem(kept);
            slider.focus({ preventScroll: true });
          }
        }
        """#
}

extension Scripts {
    static let kept = #"""
        // What somebody wrote in an editor stands there again when they come back: from another page, after an answer that never came, from behind the door.
        // It is kept in this tab until it is saved, given up, or its writer signs out. Passwords and files are not.

        const draftName = (form) => "martlet.draft " + form.getAttribute("action");
        const editors = [...document.querySelectorAll("form.editor, form.template-editor")].filter((form) => !("passing" in form.dataset));
        const isTick = (field) => field.matches("[type=checkbox], [type=radio]");
        const written = (form) => [...form.elements].filter((field) => field.name && field.matches("textarea, select, input:not([type=hidden], [type=file], [type=password])"));
        const value = (field) => isTick(field) ? field.checked : field.value;
        const isChanged = (field) => field.matches("select")
          ? [...field.options].some((option) => option.defaultSelected) && !field.selectedOptions[0]?.defaultSelected || ![...field.options].some((option) => option.defaultSelected) && field.selectedIndex > 0
          : isTick(field) ? field.checked !== field.defaultChecked : field.value.replaceAll("\r\n", "\n") !== field.defaultValue.replaceAll("\r\n", "\n");

        // Of several fields with one name, each has its number.
        function numbered(form) {
          const seen = {};
          return written(form).map((field) => [field, field.name, seen[field.name] = (seen[field.name] ?? -1) + 1]);
        }

        // Forms whose page holds more than was saved; the one that is on its way; those that were given up; and whether another form of the page is on its way that makes an edition.
        const unsaved = new Set(), givenUp = new Set();
        let sent = null, isBeside = false;

        function keep() {
          for (const form of editors) {
            if (!form.isConnected) continue;
            try {
              if (givenUp.has(form) || !(form === sent || unsaved.has(form) || written(form).some(isChanged))) { sessionStorage.removeItem(draftName(form)); continue; }
              sessionStorage.setItem(draftName(form), JSON.stringify({
                fields: numbered(form).filter(([field]) => unsaved.has(form) || isChanged(field)).map(([field, name, nth]) => [name, nth, value(field)]), edition: form.elements.edition?.value, drawn: form.elements.drawn?.value, isSent: form === sent, isBeside,
              }));
            } catch { /* Larger than a tab may keep. */ }
          }
        }

        const drafts = () => Object.keys(sessionStorage).filter((name) => name.startsWith("martlet.draft "));

        document.addEventListener("submit", (event) => {
          if (new URL(event.target.action, location.href).pathname === "/sign-out") { editors.forEach((form) => givenUp.add(form)); drafts().forEach((name) => sessionStorage.removeItem(name)); return; }
          if (editors.includes(event.target)) sent = event.target; else isBeside = "edition" in event.target.dataset;
          keep();
        });
        document.addEventListener("click", (event) => {
          const link = event.target.closest(".actions > a");
          if (link && editors.includes(link.closest("form")) && !event.ctrlKey && !event.metaKey && !event.shiftKey) givenUp.add(link.closest("form"));
        });
        addEventListener("pagehide", keep);
        // A page that the browser had put aside is looked at anew.
        addEventListener("pageshow", (event) => {
          // Whoever goes back to what was saved finds it as it was before; browsers put in again what they remember.
          const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
          for (const form of editors) if (isBack && !event.persisted && !unsaved.has(form) && !arrived[draftName(form)] || event.persisted && form === sent && !sessionStorage.getItem(draftName(form))) form.reset();
          if (event.persisted) { sent = null; isBeside = false; givenUp.clear(); }
        });
        document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });

        // A saved form needs no keeping. A page that answers a form holds what was sent; any other holds what was saved.
        const isDone = document.querySelector("[data-finished]") !== null;
        const arrived = {};
        for (const name of drafts()) {
          const draft = JSON.parse(sessionStorage.getItem(name));
          arrived[name] = draft;
          if (draft.isSent && isDone) sessionStorage.removeItem(name);
          else if (draft.isSent) sessionStorage.setItem(name, JSON.stringify({ ...draft, isSent: false }));
        }
        for (const form of editors) {
          const draft = arrived[draftName(form)];
          if (!draft || draft.isSent && isDone) continue;
          if (draft.isSent && "answer" in document.body.dataset) unsaved.add(form);
          else restore(form, draft);
        }

        function restore(form, draft) {
          // The steps beside a journey's text are those of the text as it was saved.
          const isRedrawn = form.elements.drawn && form.elements.drawn.value !== draft.drawn;
          const fields = new Map(numbered(form).map(([field, name, nth]) => [name + " " + nth, field]));
          const changed = [];
          for (const [name, nth, given] of draft.fields) {
            const field = fields.get(name + " " + nth);
            if (!field || value(field) === given || isRedrawn && name !== "yaml" || field.matches("select") && ![...field.options].some((option) => option.value === given)) continue;
            if (isTick(field)) field.checked = given; else field.value = given;
            changed.push(field);
          }
          if (!changed.length && !written(form).some(isChanged)) return;
          const edition = form.elements.edition, own = edition?.value;
          // What was saved meanwhile is told when this is; what went along with this page's own other form is not.
          if (edition && draft.edition && !(draft.isBeside && isDone && Number(own) === Number(draft.edition) + 1)) edition.value = draft.edition;
          const tell = () => changed.forEach((field) => ["input", "change"].forEach((name) => field.dispatchEvent(new Event(name, { bubbles: true }))));
          const note = document.getElementById("draft-note").content.firstElementChild.cloneNode(true);
          note.querySelector("button").addEventListener("click", () => {
            form.reset();
            if (edition) edition.value = own;
            tell();
            note.remove();
          });
          note.setAttribute("role", "status");
          form.before(note);
          // Whoever follows the fields listens once all scripts have run.
          document.addEventListener("DOMContentLoaded", tell, { once: true });
        }
        """#
}

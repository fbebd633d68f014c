extension Scripts {
    static let kept = #"""
        // What somebody wrote is not lost with their session: an editor's fields are kept in this tab while they are on their way, and stand there again after the door.

        const keptKey = "martlet.kept";
        const editors = "form.editor, form.template-editor";
        document.addEventListener("submit", (event) => {
          if (!event.target.matches(editors)) return;
          const fields = [...new FormData(event.target)].filter(([name, value]) => name !== "csrf" && typeof value === "string");
          try {
            sessionStorage.setItem(keptKey, JSON.stringify({ action: event.target.getAttribute("action"), fields, isLost: false }));
          } catch { /* Larger than a tab may keep. */ }
        });

        const kept = JSON.parse(sessionStorage.getItem(keptKey) || "null");
        const arrival = performance.getEntriesByType("navigation")[0];
        if (kept && arrival && (arrival.responseStatus === 401 || arrival.responseStatus === 403)) {
          sessionStorage.setItem(keptKey, JSON.stringify({ ...kept, isLost: true }));
        } else if (kept && !(kept.isLost && document.body.classList.contains("door"))) {
          const form = kept.isLost && [...document.querySelectorAll(editors)].find((form) => form.getAttribute("action") === kept.action);
          // On the way to the form other pages may come; what was taken in needs no keeping.
          if (form || !kept.isLost) sessionStorage.removeItem(keptKey);
          if (form) kept.fields.forEach((field) => restore(form, field));
        }

        function restore(form, [name, value]) {
          const field = form.elements.namedItem(name);
          // Of several fields with one name, nobody knows which was which.
          if (!field || !field.matches || !field.matches("textarea, select, input:not([type=hidden], [type=checkbox], [type=radio])")) return;
          field.value = value;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }
        """#
}

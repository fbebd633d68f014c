extension Scripts {
    static let template = #"""
        // The editor of a template: the preview follows the text. Without this, the Preview button shows it.

        const form = document.getElementById("template-form");
        const answer = document.getElementById("answer");
        let asked = 0, timer;

        form.addEventListener("input", () => {
          clearTimeout(timer);
          timer = setTimeout(ask, 400);
        });

        // One preview at a time is of interest: the answer to an older text is dropped.
        async function ask() {
          const number = ++asked;
          let reply;
          try {
            const got = await fetch(form.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
            if (!got.ok) return;
            reply = await got.json();
          } catch { return; /* The server is away; the next change asks again. */ }
          if (number !== asked) return;
          // Made by the server, which escapes every value in it.
          answer.replaceChildren(...new DOMParser().parseFromString(reply.html, "text/html").body.childNodes);
        }
        """#
}

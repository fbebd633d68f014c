extension Scripts {
    static let measure = #"""
        // The editor of a computed trait: the answer and the chart follow the text. Without this, the Count button counts.

        const form = document.getElementById("measure-form");
        const area = form.elements.text;
        const answer = document.getElementById("answer");
        const chart = document.getElementById("distribution");
        let asked = 0, timer;

        document.getElementById("count-button").hidden = true;
        area.addEventListener("input", later);
        form.elements.zone.addEventListener("change", later);
        answer.addEventListener("click", (event) => {
          const mark = event.target.closest(".place") && answer.querySelector("mark");
          if (!mark) return;
          area.focus();
          area.setSelectionRange(Number(mark.dataset.start), Number(mark.dataset.end));
        });

        function later() {
          clearTimeout(timer);
          timer = setTimeout(ask, 250);
        }

        // One question at a time is of interest: the answer to an older one is dropped.
        async function ask() {
          const number = ++asked;
          const body = new URLSearchParams({ csrf: form.elements.csrf.value, text: area.value, zone: form.elements.zone.value });
          let reply;
          try {
            const got = await fetch(form.dataset.count, { method: "POST", body, headers: { Accept: "application/json" } });
            if (!got.ok) return;
            reply = await got.json();
          } catch { return; /* The server is away; the next change asks again. */ }
          if (number !== asked) return;
          put(answer, reply.html);
          put(chart, reply.chart);
        }

        // Made by the server, which escapes every value in it.
        function put(place, html) {
          place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
        }
        """#
}

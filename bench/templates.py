"""Rendering Liquid: one core, the same templates and values, against PyPI's python-liquid where that is installed.

Run it with the Python of an environment that has python-liquid; the project itself does not need it.
"""
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINARY = ROOT / ".build/release/martlet"

ITEMS = [{"name": f"Tea no. {i}", "quantity": i % 4 + 1, "price": 3.5 + i * 0.1, "stock": i * 3 % 17} for i in range(20)]
VALUES = {
    "profile": {"first_name": "ada", "tier": "gold", "email": "ada@example.com", "tags": ["tea", "oolong", "vip"]},
    "order": {"id": 1042, "placed_at": "2026-07-01T09:30:00Z", "currency": "EUR", "shop": {"name": "Wren & Daughters"}, "items": ITEMS},
}
TEMPLATES = {
    "greeting": "Hello {{ profile.first_name | default: 'friend' | capitalize }}, your order {{ order.id }} of {{ order.shop.name | escape }} is on its way.",
    "order": """{% assign total = 0 %}<h1>Thank you, {{ profile.first_name | default: "friend" | capitalize }}!</h1>
<table>{% for item in order.items %}
<tr class="{% cycle 'odd', 'even' %}"><td>{{ forloop.index }}</td><td>{{ item.name | upcase }}</td><td>{{ item.quantity }} × {{ item.price | round: 2 }}</td>
<td>{% if item.stock > 10 %}in stock{% elsif item.stock > 0 %}only {{ item.stock }} left{% else %}sold out{% endif %}</td></tr>
{% assign line = item.price | times: item.quantity %}{% assign total = total | plus: line %}{% endfor %}</table>
<p>Total: {{ total }} {{ order.currency }}</p>
{% case profile.tier %}{% when 'gold', 'platinum' %}<p>Free shipping.</p>{% else %}<p>Shipping as usual.</p>{% endcase %}""",
    "newsletter": """{% for n in (1..5) %}<h2>Week {{ n }}</h2>{% for tag in profile.tags %}{% unless tag == 'vip' %}<a href="https://tea.example/{{ tag | url_encode }}">{{ tag | capitalize | append: '!' }}</a>
{% endunless %}{% endfor %}{{ order.shop.name | truncate: 12 }} {{ order.items | map: 'name' | join: ', ' | truncatewords: 6 }}{% endfor %}""",
}


def ours(source, times):
    with tempfile.TemporaryDirectory() as folder:
        template, values = Path(folder) / "t.liquid", Path(folder) / "v.json"
        template.write_text(source)
        values.write_text(json.dumps(VALUES))
        command = [BINARY, "template", "render", template, "--values", values]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        best = min(json.loads(subprocess.run(command + ["--times", str(times)], check=True, capture_output=True, text=True).stdout)["microseconds"] for _ in range(3))
    return best, output


def theirs(source, times):
    try:
        from liquid import Environment
    except ImportError:
        return None, None
    template = Environment().from_string(source)
    output = template.render(**VALUES)
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        for _ in range(times):
            template.render(**VALUES)
        best = min(best, (time.perf_counter() - start) / times * 1e6)
    return best, output


def main():
    for name, source in TEMPLATES.items():
        mine, output = ours(source, 20_000)
        peer, expected = theirs(source, 1_000)
        if peer is None:
            print(f"template.render/{name}/us {mine:.2f} (python-liquid is not installed here)")
            continue
        assert output == expected, f"{name}: the outputs differ\n{output}\n{expected}"
        print(f"template.render/{name}/us {mine:.2f} python-liquid {peer:.1f} ratio {peer / mine:.1f}")


if __name__ == "__main__":
    sys.exit(main())

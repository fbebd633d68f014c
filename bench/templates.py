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
    "profile": {"first_name": "ada", "tier": "gold", "email": "ada@example.com", "tags": ["tea", "oolong", "vip"], "last_name": "Lovelace", "born": "1990-12-10", "points": 1280},
    "order": {"id": 1042, "placed_at": "2026-07-01T09:30:00Z", "currency": "EUR", "shop": {"name": "Wren & Daughters"}, "items": ITEMS},
    "sections": [
        {"title": f"Section {s}", "products": [{"name": f"Tea {s}-{i}", "url": f"https://tea.example/p/{s}/{i}?a=1&b=2", "price": 4.25 + i, "sale": i % 2 == 0, "tags": ["green", "loose <leaf>"]} for i in range(6)]}
        for s in range(4)
    ],
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
    "nested loops": """{% for section in sections %}<h2>{{ section.title | escape }}</h2>
<table>{% for product in section.products %}<tr><td><a href="{{ product.url | escape }}">{{ product.name }}</a></td><td>{% if product.sale and product.price < 8 %}<b>{{ product.price | times: 0.8 | round: 2 }}</b>{% else %}{{ product.price }}{% endif %}</td>
<td>{{ product.tags | join: ', ' | escape }}</td></tr>{% unless forloop.last %}<tr class="line"></tr>{% endunless %}{% endfor %}</table>{% endfor %}""",
    "dates": """Placed on {{ order.placed_at | date: '%B %d, %Y' }} at {{ order.placed_at | date: '%H:%M' }}. {% assign year = order.placed_at | date: '%Y' %}{% assign born = profile.born | date: '%Y' %}
Turned {{ year | minus: born }} in {{ year }}. {{ '2026-12-24' | date: '%A, %-d %b' }}""",
    "captures": """{% capture full %}{{ profile.first_name | capitalize }} {{ profile.last_name }}{% endcapture %}{% capture subject %}{{ full }}, your {{ order.items.size }} teas{% endcapture %}<title>{{ subject | strip | truncate: 40 }}</title>
{% assign names = order.items | map: 'name' %}<p>{{ names | first }} to {{ names | last }}; {{ names | join: ', ' }}</p>{{ full | downcase | replace: ' ', '.' | append: '@tea.example' }}""",
    "conditions": """{% for item in order.items %}{% if item.stock > 5 and item.quantity >= 2 or item.price < 4 %}{{ item.name }}{% elsif item.name contains '1' and item.stock != 0 %}[{{ item.name }}]{% elsif item.missing == nil or item.stock == blank %}-{% endif %}
{% endfor %}{% if profile.tier == 'gold' and profile.tags contains 'vip' %}VIP{% endif %}{% if profile.points >= 1000 %} {{ profile.points | divided_by: 100 }} vouchers{% endif %}""",
    "lists": """{% assign shown = order.items | where: 'quantity', 2 | sort: 'price' | reverse %}{% for item in shown limit: 3 %}{{ forloop.index }}. {{ item.name }} ({{ item.price | prepend: 'EUR ' }}){% unless forloop.last %}, {% endunless %}{% endfor %}
{{ order.items | map: 'stock' | sum }} {{ order.items | size }} {{ profile.tags | sort | join: '/' }} {% assign parts = profile.email | split: '@' %}{{ parts[1] }}""",
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

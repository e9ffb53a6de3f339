"""Lines in an SVG, without a library: time against size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, BELOW, TOP, RIGHT = 720, 420, 60, 50, 30, 190
COLOURS = ("#0b6e4f", "#c1440e", "#3a5a98", "#8a6d00", "#6b3fa0")
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)

Line = Sequence[tuple[float, float]]


def steps(most: float) -> Iterator[float]:
    """Round numbers from 0 on, eight at most."""
    step = next(step for step in STEPS if most / step <= 8)
    value = 0.0
    while value <= most:
        yield value
        value += step


def plot(lines: Mapping[str, Line], across: str, up: str) -> str:
    """One line each, with its name at its end."""
    most_x = max(x for line in lines.values() for x, _ in line)
    most_y = max(y for line in lines.values() for _, y in line)

    def at(x: float, y: float) -> tuple[float, float]:
        wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BELOW
        return round(LEFT + x / most_x * wide, 1), round(HEIGHT - BELOW - y / most_y * high, 1)

    left, bottom = at(0, 0)
    right, top = at(most_x, most_y)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
        ' font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<path d="M{left},{top}V{bottom}H{right}" fill="none" stroke="#444"/>',
        f'<text x="{(left + right) / 2}" y="{HEIGHT - 12}" text-anchor="middle">{escape(across)}</text>',
        f'<text x="{left}" y="{TOP - 12}">{escape(up)}</text>',
    ]
    middle = 'text-anchor="middle"'
    parts += [f'<text x="{at(value, 0)[0]}" y="{bottom + 16}" {middle}>{value:g}</text>' for value in steps(most_x)]
    for value in steps(most_y):
        y = at(0, value)[1]
        parts.append(f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{value:g}</text>')
        parts.append(f'<path d="M{left},{y}H{right}" stroke="#ddd"/>')
    for colour, (name, line) in zip(COLOURS, lines.items(), strict=False):
        points = " ".join(f"{x},{y}" for x, y in (at(*point) for point in line))
        x, y = at(*line[-1])
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{x + 6}" y="{y + 4}" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"

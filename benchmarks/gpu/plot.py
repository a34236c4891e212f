"""The plot of the copies, as SVG by hand: no library is needed where the results are made."""

COLOURS = {"tensorbridge": "#4477aa", "cupy": "#ee6677", "torch": "#228833", "cuda-c++": "#ccbb44", "triton": "#aa3377", "numpy": "#888888"}
LEFT, WIDTH, STEP, TOP, GAP = 210, 190, 14, 50, 24
MOST = 2.0  # of memcpy


def plot(libraries, rows, fraction):
    """A column for each element size, a line for each case, a circle for each library; ``fraction(library, row)`` as in the report."""
    sizes = sorted({size for _, size in rows})
    names = list(dict.fromkeys(name for name, _ in rows))
    height = TOP + STEP * len(names) + 40
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + len(sizes) * (WIDTH + GAP)}" height="{height}" font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for column, size in enumerate(sizes):
        out += axis(column, size, height)
        for line, name in enumerate(names):
            if (name, size) in rows:
                out += circles(column, TOP + STEP * line, libraries, (name, size), fraction)
    for line, name in enumerate(names):
        out.append(f'<text x="{LEFT - 8}" y="{TOP + STEP * line + 4}" text-anchor="end">{escape(name)}</text>')
    return "\n".join(out + legend(libraries, height) + ["</svg>"]) + "\n"


def place(column, value):
    return LEFT + column * (WIDTH + GAP) + min(max(value, 0), MOST) / MOST * WIDTH


def axis(column, size, height):
    out = [f'<text x="{place(column, 0)}" y="16" font-weight="bold">{size} byte{"s" if size > 1 else ""}: fraction of memcpy</text>']
    for value in (0, 0.5, 1, 1.5, 2):
        x = place(column, value)
        out.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 14}" y2="{height - 30}" stroke="{"#888" if value == 1 else "#e5e5e5"}"/>')
        out.append(f'<text x="{x:.1f}" y="{TOP - 18}" text-anchor="middle" fill="#555">{value:g}</text>')
    return out


def circles(column, y, libraries, row, fraction):
    out = []
    for library in reversed(libraries):  # ours on top
        value = fraction(library, row)
        if value is not None:
            radius = 4.5 if library == "tensorbridge" else 3.5
            out.append(f'<circle cx="{place(column, value[0]):.1f}" cy="{y}" r="{radius}" fill="{COLOURS[library]}"><title>{escape(library)}: {value[0]:.2f}</title></circle>')
    return out


def legend(libraries, height):
    out, x = [], LEFT
    for library in libraries:
        out.append(f'<circle cx="{x}" cy="{height - 12}" r="4" fill="{COLOURS[library]}"/><text x="{x + 9}" y="{height - 8}">{escape(library)}</text>')
        x += 34 + 7 * len(library)
    return out


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

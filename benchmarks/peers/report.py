#!/usr/bin/env python3
"""Turns the measurements of one run into a table (Markdown), the numbers (JSON) and a plot (SVG).

    report.py MEASUREMENTS_FOLDER RESULTS_FOLDER NAME

What somebody has to say on the numbers goes into RESULTS_FOLDER/NAME.remarks.md, and from there into the table's page.
"""
import glob
import json
import math
import os
import platform
import sys

US = "TensorBridge"
SIZES = {"S": "256 KiB", "M": "8 MiB", "L": "256 MiB"}
COLOURS = {US: "#c0392b", "NumPy": "#2471a3", "PyTorch": "#d68910", "TensorSpan": "#7d8b8c"}


def load(folder):
    records = {}
    for path in sorted(glob.glob(os.path.join(folder, "*.jsonl"))):
        for line in open(path):
            r = json.loads(line)
            if r["peer"] != "memcpy":
                records[r["case"], r["size"], r["peer"], r["threads"], r["fresh"]] = r
    return records


def geometric(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values)) if values else float("nan")


class Report:
    def __init__(self, records):
        self.records = records
        self.peers = sorted({key[2] for key in records} - {US})
        self.cases = list(dict.fromkeys((case, size) for case, size, *_ in records))

    def ratio(self, case, size, peer, threads=1, fresh=False):
        record = self.records.get((case, size, peer, threads, fresh))
        return record["ratio"] if record else None

    def best_peer(self, case, size, threads, fresh):
        # A peer may use as many threads as we do, or fewer.
        found = [(self.ratio(case, size, peer, t, fresh) or 0, peer) for peer in self.peers for t in range(1, threads + 1)]
        return max(found, default=(0, ""))

    def table(self, size, threads, fresh, show_target):
        peers = [p for p in self.peers if any(self.ratio(c, s, p, t, fresh) for c, s in self.cases if s == size for t in range(1, threads + 1))]
        lines = ["| case | " + ("target | " if show_target else "") + f"{US} | " + " | ".join(peers) + " | to the best peer | |", "|---|" + ("---|" if show_target else "") + "---|" * (len(peers) + 3)]
        for case, s in self.cases:
            ours = self.ratio(case, size, US, threads, fresh)
            if s != size or ours is None:
                continue
            target = self.records[case, size, US, threads, fresh]["target"]
            best = self.best_peer(case, size, threads, fresh)[0]
            notes = (["below target"] if show_target and ours < target else []) + (["behind"] if ours < best else [])
            row = [case.replace("|", ", ")] + ([f"{target:.2f}"] if show_target else []) + [f"**{ours:.2f}**"]
            for peer in peers:
                value = max((self.ratio(case, size, peer, t, fresh) or 0) for t in range(1, threads + 1))
                row.append(f"{value:.2f}" if value >= 0.005 else (f"{value:.4f}" if value else "-"))
            row += [f"{ours / best:.1f}x" if best else "-", ", ".join(notes)]
            lines.append("| " + " | ".join(row) + " |")
        return lines

    def tiny(self):
        lines = ["| case | target ns | " + f"{US} | " + " | ".join(self.peers) + " |", "|---|---|---|" + "---|" * len(self.peers)]
        for case, size in self.cases:
            if size != "T" or (case, size, US, 1, False) not in self.records:
                continue
            cells = [f"{self.records[case, size, p, 1, False]['seconds'] * 1e9:.0f}" if (case, size, p, 1, False) in self.records else "-" for p in [US] + self.peers]
            lines.append(f"| {case.replace('|', ', ')} | {self.records[case, size, US, 1, False]['target']:.0f} | **{cells[0]}** | " + " | ".join(cells[1:]) + " |")
        return lines

    def summary(self):
        lines = []
        noncontiguous = [(c, s) for c, s in self.cases if s in SIZES and not c.startswith("contiguous")]
        for peer in self.peers:
            for threads in (1, 2):
                factors = [self.ratio(c, s, US, threads) / self.ratio(c, s, peer, threads) for c, s in noncontiguous if self.ratio(c, s, peer, threads) and self.ratio(c, s, US, threads)]
                if factors:
                    lines.append(f"- {peer}, {threads} thread{'s' if threads > 1 else ''}: {geometric(factors):.1f} times as fast in the geometric mean over {len(factors)} non-contiguous cases, {min(factors):.2f} in the worst.")
        for size in SIZES:
            ours = [(self.ratio(c, s, US), self.records[c, s, US, 1, False]["target"], self.best_peer(c, s, 1, False)[0]) for c, s in self.cases if s == size and self.ratio(c, s, US)]
            if ours:
                lines.append(f"- {size} ({SIZES[size]}): {sum(o >= t for o, t, _ in ours)} of {len(ours)} cases at or above target, {sum(o >= b for o, _, b in ours)} at or above the best peer.")
        return lines

    def markdown(self, remarks=""):
        lines = ["# Host copies: TensorBridge and its peers", "", "Time of the C library's `memcpy` of the output's bytes divided by the time of the case: 1.00 is the speed of `memcpy`. Medians of interleaved rounds, each library in a process of its own,",
                 f"results checked. {processor()}; made by `benchmarks/peers/run.sh`.",
                 f"Load average of the machine over the last 15 minutes: {os.getloadavg()[2]:.1f}. Well above the number of cores, other work shared them and the memory: 256 MiB and two threads then say little.", "", *self.summary()]
        if remarks:
            lines += ["", remarks.strip()]
        for size, text in SIZES.items():
            if any(s == size for _, s in self.cases):
                lines += ["", f"## {text}, one thread, touched destination", "", *self.table(size, 1, False, True)]
        for size, text in SIZES.items():
            if any(s == size for _, s in self.cases):
                lines += ["", f"## {text}, two threads, touched destination", "", *self.table(size, 2, False, False)]
        for threads, word in ((1, "one thread"), (2, "two threads")):
            for size, text in SIZES.items():
                if self.table(size, threads, True, False)[2:]:
                    lines += ["", f"## {text}, {word}, fresh destination", "", "Allocation and page faults included; the `memcpy` it is compared with has a touched destination.", "", *self.table(size, threads, True, False)]
        if any(s == "T" for _, s in self.cases):
            lines += ["", "## Tiny copies, nanoseconds a call", "", "TensorBridge: plan from the cache and execution, called from C#. Python libraries: called from Python.", "", *self.tiny()]
        return "\n".join(lines) + "\n"

    def plot(self):
        sizes = [s for s in SIZES if any(size == s for _, size in self.cases)]
        names = list(dict.fromkeys(case for case, size in self.cases if size in SIZES))
        left, width, step, top = 230, 330, 15, 50
        height = top + step * len(names) + 40
        x = lambda value, column: left + column * (width + 20) + (math.log2(min(max(value, 1 / 64), 4)) + 6) / 8 * width
        out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + len(sizes) * (width + 20)}" height="{height}" font-family="sans-serif" font-size="11">', '<rect width="100%" height="100%" fill="white"/>']
        for column, size in enumerate(sizes):
            out.append(f'<text x="{x(1 / 64, column)}" y="16" font-weight="bold">{SIZES[size]}, one thread: speed relative to memcpy</text>')
            for power in range(-6, 3):
                at = x(2.0 ** power, column)
                out.append(f'<line x1="{at}" x2="{at}" y1="{top - 14}" y2="{height - 30}" stroke="{"#888" if power == 0 else "#e5e5e5"}"/><text x="{at}" y="{top - 18}" text-anchor="middle" fill="#555">{"1/" + str(2 ** -power) if power < 0 else 2 ** power}</text>')
            for row, name in enumerate(names):
                y = top + row * step
                for peer in self.peers + [US]:
                    value = self.ratio(name, size, peer)
                    if value:
                        colour = next(c for prefix, c in COLOURS.items() if peer.startswith(prefix))
                        hollow = peer.startswith("NumPy 1")
                        out.append(f'<circle cx="{x(value, column):.1f}" cy="{y}" r="{4.5 if peer == US else 3.5}" fill="{"none" if hollow else colour}" stroke="{colour}"><title>{peer}: {value:.2f}</title></circle>')
        for row, name in enumerate(names):
            out.append(f'<text x="{left - 8}" y="{top + row * step + 4}" text-anchor="end">{name.replace("|", ", ")}</text>')
        at = left
        for peer in [US] + self.peers:
            colour = next(c for prefix, c in COLOURS.items() if peer.startswith(prefix))
            out.append(f'<circle cx="{at}" cy="{height - 12}" r="4" fill="{"none" if peer.startswith("NumPy 1") else colour}" stroke="{colour}"/><text x="{at + 9}" y="{height - 8}">{peer}</text>')
            at += 30 + 7 * len(peer)
        return "\n".join(out + ["</svg>"]) + "\n"


def processor():
    try:
        names = {line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")}
        family = {line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("cpu family")}
        return f"{', '.join(names)} (family {', '.join(family)}), {os.cpu_count()} cores"
    except OSError:
        return platform.processor()


def main():
    folder, results, name = sys.argv[1:4]
    records = load(folder)
    if not records:
        sys.exit("no measurements in " + folder)
    report = Report(records)
    os.makedirs(results, exist_ok=True)
    remarks = os.path.join(results, f"{name}.remarks.md")
    with open(os.path.join(results, f"{name}.md"), "w") as file:
        file.write(report.markdown(open(remarks).read() if os.path.exists(remarks) else ""))
    with open(os.path.join(results, f"{name}.json"), "w") as file:
        json.dump({"processor": processor(), "measurements": sorted(records.values(), key=lambda r: (r["size"], r["case"], r["peer"], r["threads"], r["fresh"]))}, file, indent=0)
    with open(os.path.join(results, f"{name}.svg"), "w") as file:
        file.write(report.plot())
    print("\n".join(report.summary()))
    print("written:", ", ".join(os.path.join(results, f"{name}.{e}") for e in ("md", "json", "svg")))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""One table (Markdown) and one plot from the JSON files of the copy benchmark and its baselines.

    python3 report.py tensorbridge.json [baselines.json] --out copies.md [--plot copies.png]
"""
import argparse
import json
import os


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ours")
    parser.add_argument("baselines", nargs="?")
    parser.add_argument("--out", default="copies.md")
    parser.add_argument("--plot")
    options = parser.parse_args()
    with open(options.ours, encoding="utf-8") as file:
        ours = json.load(file)
    peers = {}
    if options.baselines and os.path.exists(options.baselines):
        with open(options.baselines, encoding="utf-8") as file:
            for entry in json.load(file)["copies"]:
                peers[entry["library"], entry["case"], entry["itemSize"]] = entry["memcpyFraction"]
    libraries = sorted({library for library, _, _ in peers})
    lines = [
        f"Copies on {ours['device']}, {ours['mib']} MiB, as fractions of the rate of a memcpy of the same bytes.",
        "",
        "| case | bytes | TensorBridge | target | " + " | ".join(libraries) + (" | " if libraries else "") + "kernel |",
        "|---|---|---|---|" + "---|" * (len(libraries) + 1),
    ]
    for each in ours["copies"]:
        mark = "" if each["correct"] else " WRONG"
        mark += " (below floor)" if each["memcpyFraction"] < each["floor"] else " (below target)" if each["memcpyFraction"] < each["target"] else ""
        cells = [each["case"], str(each["itemSize"]), f"{each['memcpyFraction']:.2f}{mark}", f"{each['target']:.2f}"]
        for library in libraries:
            value = peers.get((library, each["case"], each["itemSize"]))
            cells.append("" if value is None else f"{value:.2f}")
        cells.append(each["kernels"].split("(")[0] or "driver")
        lines.append("| " + " | ".join(cells) + " |")
    if ours["latencies"]:
        lines += ["", "| transpose of | enqueued in | done in |", "|---|---|---|"]
        lines += [f"| {each['bytes']} bytes | {each['enqueueMicroseconds']:.1f} us | {each['doneMicroseconds']:.1f} us |" for each in ours["latencies"]]
    with open(options.out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    print("\n".join(lines))
    if options.plot:
        plot(ours, peers, libraries, options.plot)
    return 0


def plot(ours, peers, libraries, path):
    try:
        import matplotlib
    except ImportError as error:
        print(f"SKIP: plot ({error})")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    copies = ours["copies"]
    figure, axes = plt.subplots(figsize=(9, 0.22 * len(copies) + 1.5))
    places = range(len(copies))
    axes.barh(places, [each["memcpyFraction"] for each in copies], color="#4477aa", label="TensorBridge")
    axes.plot([each["target"] for each in copies], places, "|", color="black", markersize=8, label="target")
    for library, marker in zip(libraries, "osd^v"):
        points = [(peers[library, each["case"], each["itemSize"]], place) for place, each in zip(places, copies) if (library, each["case"], each["itemSize"]) in peers]
        axes.plot([x for x, _ in points], [y for _, y in points], marker, markersize=4, linestyle="none", label=library)
    axes.set_yticks(list(places), [f"{each['case']} ({each['itemSize']})" for each in copies], fontsize=6)
    axes.invert_yaxis()
    axes.set_xlabel("fraction of memcpy")
    axes.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    raise SystemExit(main())

#!/usr/bin/env python3
"""report.md and copies.svg from whatever results are in a folder.

    python3 report.py DIR
"""

import glob
import os
import re
import sys

import results
from plot import plot

MARKS = {"pass": "pass", "FAIL": "**FAIL**", "SKIP": "skip", "running": "**died**"}
RANDOM = re.compile(r"random permutation \d+ of rank (\d+)")


def main():
    folder = sys.argv[1]
    lines = ["# TensorBridge on a GPU", ""]
    lines += steps(results.read(os.path.join(folder, "run.json")))
    lines += interop([results.read(path) for path in sorted(glob.glob(os.path.join(folder, "interop-*.json")))])
    copies = Copies(folder)
    lines += copies.table()
    lines += copies.latencies()
    with open(os.path.join(folder, "report.md"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    with open(os.path.join(folder, "copies.svg"), "w", encoding="utf-8") as file:
        file.write(plot(copies.libraries, copies.rows, copies.fraction))
    print("\n".join(lines))


def cell(text):
    """Text that stays in its cell of a table."""
    return str(text).replace("|", "/").replace("\n", " ")


def steps(run):
    if run is None:
        return []
    if run["standIn"]:
        return ["Played through on the driver stand-in: passes are real, times mean nothing.", ""]
    unfinished = [f"{step['name']} ({step['status']})" for step in run["steps"] if step["status"] not in (0, 3, 77)]
    return [f"Steps that did not come to their end: {', '.join(unfinished)}.", ""] if unfinished else []


# ---- interop ---------------------------------------------------------------------------------------------


def interop(reports):
    if not reports:
        return []
    lines = ["## Interop", ""]
    for report in reports:
        if "missing" in report:
            lines += [f"- {report['library']}: skipped; {cell(report['missing'])}"]
        else:
            count = {status: sum(each["status"] == status for each in report["cells"]) for status in MARKS}
            lines += [f"- {report['library']} {report.get('version', '')} on {report.get('device', '?')}: {count['pass']} pass, {count['FAIL'] + count['running']} fail, {count['SKIP']} skipped"]
    columns = [(report["library"], column) for report in reports for column in dict.fromkeys(each["column"] for each in report["cells"])]
    found = {(report["library"], each["column"], each["row"]): each for report in reports for each in report["cells"]}
    rows = list(dict.fromkeys(row for _, _, row in found))
    if columns:
        lines += ["", "| | " + " | ".join(f"{library}: {column}" for library, column in columns) + " |", "|---|" + "---|" * len(columns)]
        for row in rows:
            marks = [MARKS[found[library, column, row]["status"]] if (library, column, row) in found else "" for library, column in columns]
            lines.append(f"| {row} | " + " | ".join(marks) + " |")
    for status, title in (("FAIL", "Failures"), ("running", "Died in"), ("SKIP", "Skipped")):
        chosen = [(library, each) for (library, _, _), each in found.items() if each["status"] == status]
        if chosen:
            lines += ["", f"{title}:", ""] + [f"- {library}, {each['row']}, {each['column']}: {cell(each['detail'])}" for library, each in chosen]
    return lines + [""]


# ---- copies ----------------------------------------------------------------------------------------------


class Copies:
    """Ours and the baselines', case by case; random permutations of a rank are one row, with mean and minimum."""

    def __init__(self, folder):
        self.ours = results.read(os.path.join(folder, "tensorbridge.json"))
        baselines = [results.read(path) for path in sorted(glob.glob(os.path.join(folder, "baselines-*.json")))]
        self.missing = [(each["library"], each["missing"]) for each in baselines if "missing" in each]
        self.baselines = [each for each in baselines if "missing" not in each]
        self.libraries = (["tensorbridge"] if self.ours else []) + [each["library"] for each in self.baselines]
        self.entries = {}
        for report in ([self.ours] if self.ours else []) + self.baselines:
            for entry in report["copies"]:
                case = RANDOM.sub(r"random permutations of rank \1", entry["case"])
                self.entries.setdefault((case, entry["itemSize"]), {}).setdefault(report["library"], []).append(entry)
        self.rows = list(self.entries)

    def fraction(self, library, row):
        """The mean over what was measured, the minimum, and whether all results were right; None where nothing was."""
        entries = [entry for entry in self.entries[row].get(library, ()) if "missing" not in entry]
        if not entries:
            return None
        fractions = [entry["memcpyFraction"] for entry in entries]
        return sum(fractions) / len(fractions), min(fractions), all(entry["correct"] for entry in entries)

    def table(self):
        if not self.libraries:
            return []
        title = f"{self.ours['device']}, {self.ours['mib']:g} MiB" if self.ours else "without TensorBridge"
        lines = ["## Copies", "", f"{title}. Fractions of the rate of a memcpy of the same bytes, measured before and after each case; every result was compared element by element. Where a row holds several cases: mean (minimum).", ""]
        lines += [f"- {library}: skipped; {cell(reason)}" for library, reason in self.missing]
        for report in ([self.ours] if self.ours else []) + self.baselines:
            if report.get("notMeasured"):
                lines.append(f"- {report['library']}: time was up, {report['notMeasured']} cases were not measured")
        lines += ["", "| case | bytes | target | " + " | ".join(self.libraries) + " | kernel |", "|---|---|---|" + "---|" * (len(self.libraries) + 1)]
        for row in self.rows:
            ours = self.entries[row].get("tensorbridge", [{}])[0]
            cells = [self.text(library, row, ours) for library in self.libraries]
            target = f"{ours['target']:.2f}" if "target" in ours else ""
            kernel = ours.get("error") or (ours.get("kernels", "").split("(")[0] or "driver" if ours else "")
            lines.append(f"| {row[0]} | {row[1]} | {target} | " + " | ".join(cells) + f" | {cell(kernel)} |")
        return lines + [""]

    def text(self, library, row, ours):
        value = self.fraction(library, row)
        if value is None:
            return ""
        mean, least, correct = value
        text = f"{mean:.2f}" + (f" ({least:.2f})" if len(self.entries[row][library]) > 1 else "")
        if not correct:
            text += " **WRONG**"
        elif library == "tensorbridge" and mean < ours["floor"]:
            text += " below floor"
        elif library == "tensorbridge" and mean < ours["target"]:
            text += " below target"
        return text

    def latencies(self):
        reports = [report for report in ([self.ours] if self.ours else []) + self.baselines if report["latencies"]]
        if not reports:
            return []
        found = {(report["library"], each["bytes"]): each for report in reports for each in report["latencies"]}
        names = [report["library"] for report in reports]
        lines = ["## Small transposes of float32", "", "Microseconds to enqueue a call / until it is done.", "", "| bytes | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
        for size in sorted({size for _, size in found}):
            texts = [f"{found[name, size]['enqueueMicroseconds']:.1f} / {found[name, size]['doneMicroseconds']:.1f}" if (name, size) in found else "" for name in names]
            lines.append(f"| {size} | " + " | ".join(texts) + " |")
        return lines + [""]


if __name__ == "__main__":
    main()

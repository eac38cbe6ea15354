"""What ``%load_ext amlflow`` adds to IPython's start: ours, IPython's own, the ratio.

``.venv/bin/python tests/benchmarks/load_ext.py``
"""

from __future__ import annotations

import statistics
import subprocess
import sys

RUNS = 11
SHELL = """
import time
begun = time.perf_counter()
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
started = time.perf_counter()
shell.run_line_magic("load_ext", "amlflow")
print(1000 * (started - begun), 1000 * (time.perf_counter() - started))
"""


def main() -> None:
    runs = [measure() for _ in range(RUNS)]
    start, ours = (statistics.median(column) for column in zip(*runs, strict=True))
    print(f"IPython's start          {start:7.1f} ms  (median of {RUNS})")
    print(f"%load_ext amlflow        {ours:7.1f} ms  (target: at most 50 ms)")
    print(f"ratio                    {ours / start:7.2f}")


def measure() -> tuple[float, float]:
    done = subprocess.run([sys.executable, "-c", SHELL], capture_output=True, check=True, text=True)
    start, ours = map(float, done.stdout.split())
    return start, ours


if __name__ == "__main__":
    main()

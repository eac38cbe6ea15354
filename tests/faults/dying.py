"""A process that logs until it is killed: ``python dying.py URI RUN_ID COUNTER METRIC [deliver]``.

After every call that returned it counts up in the file COUNTER, which outlives it.
"""

from __future__ import annotations

import mmap
import struct
import sys
import time
from pathlib import Path

from amlflow_jupyter.journal.journal import Journal
from amlflow_jupyter.journal.sync import Delivery


def main(uri: str, run_id: str, counter: Path, metric: str, deliver: bool) -> None:
    journal = Journal.new()
    log = journal.run(run_id, uri, store_run_id=run_id, opened=True)
    if deliver:
        from amlflow_jupyter.tracking.delivery import open_target

        Delivery(journal, open_target).start()
    with counter.open("r+b") as file, mmap.mmap(file.fileno(), 8) as count:
        for step in range(10_000_000):
            log.metric(metric, step / 7, step, 1_700_000_000_000 + step)
            struct.pack_into("<q", count, 0, step + 1)
            if deliver:
                time.sleep(0.0005)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4], "deliver" in sys.argv)

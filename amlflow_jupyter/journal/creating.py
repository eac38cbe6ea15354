"""Create runs in a store: each once, whatever becomes of the answer."""

from __future__ import annotations

import json
import time
from typing import Any, Final

from amlflow_jupyter.journal.link import Link
from amlflow_jupyter.journal.run_log import RunRecord

# Seconds between two looks for a run that another process creates.
_LOOK_PAUSE: Final = 1.0


class Creator:
    """Creates the runs that began when their store could not be asked."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._next_look = 0.0

    def turn(self) -> bool:
        """Create the runs that the store does not have yet, parents before their children."""
        created = False
        for run in self._link.runs().values():
            if run.store_run_id is None and run.creation is not None:
                with self._link.giving_up(run):
                    store_run_id = self._create(run, json.loads(run.creation))
                    if store_run_id is not None:
                        self._link.journal.marks.created(run, store_run_id)
                        created = True
        return created

    def _create(self, run: RunRecord, creation: dict[str, Any]) -> str | None:
        """Return the store's id of a run; None where it is another process's to create it."""
        store = self._link.target
        creation["tags"] = [self._with_store_ids(*tag) for tag in creation.get("tags") or ()]
        if not run.opened:  # a forked child's: its parent creates it
            return self._find(run, creation)
        # It may be there already: created when no answer came.
        found = store.find_run(creation, run.run_id) if run.asked else None
        if found is not None:
            return found
        self._link.journal.marks.asked(run)
        return store.create_run(creation, run.run_id)

    def _find(self, run: RunRecord, creation: dict[str, Any]) -> str | None:
        if time.monotonic() < self._next_look:
            return None
        self._next_look = time.monotonic() + _LOOK_PAUSE
        return self._link.target.find_run(creation, run.run_id)

    def _with_store_ids(self, key: str, value: str) -> tuple[str, str]:
        """Put the store's id of a parent run in place of the one that the user holds."""
        known = self._link.journal.known(value) if key == "mlflow.parentRunId" else None
        return key, (known.record.store_run_id or value) if known else value

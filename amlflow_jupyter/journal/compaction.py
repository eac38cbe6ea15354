"""Remove from the journal what the store has, when the journal grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from amlflow_jupyter.journal.journal import Journal

# Bytes below which delivered entries stay: they answer reads when the store does not.
KEPT: Final = 64_000_000
# Entries removed in one statement, for which writers wait.
_AT_ONCE: Final = 2_000
# Pages given back to the disk in one statement.
_PAGES: Final = 2_000


def compact_if_large(journal: Journal) -> None:
    """Remove delivered entries where the file is larger than what may stay."""
    if journal.marks.settled >= _AT_ONCE and _size(journal) > KEPT:
        compact(journal)


def compact(journal: Journal) -> int:
    """Remove every delivered entry; return how many. Quarantined ones stay."""
    journal.marks.settled = 0
    removed, last = 0, 0
    while ids := _delivered(journal, last):
        last = ids[-1]
        places = ",".join("?" * len(ids))
        journal.writer.run(f"delete from entries where id in ({places})", ids)  # noqa: S608
        removed += len(ids)
    if removed:
        journal.writer.run(f"pragma incremental_vacuum({_PAGES})")
    return removed


def _delivered(journal: Journal, after: int) -> list[int]:
    rows = journal.writer.run(
        "select e.id from entries e join series s on s.id = e.series join runs r on r.id = s.run "
        "where e.id > ? and e.id <= r.delivered "
        "and e.id not in (select entry from quarantine) order by e.id limit ?",
        (after, _AT_ONCE),
    )
    return [number for (number,) in rows]


def _size(journal: Journal) -> int:
    pages, free, size = (
        journal.writer.run(f"pragma {name}")[0][0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)

"""Documents that survive a restart: one SQLite table, a kind and a key each."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

Document = dict[str, Any]


class State:
    """All documents of one loopback workspace's folder."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS documents (scope TEXT, kind TEXT, key TEXT, body TEXT,"
            " PRIMARY KEY (scope, kind, key))"
        )

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def documents(self, kind: str, scope: str = "") -> Documents:
        """Return the documents of a kind, in a scope such as a workspace's ARM id."""
        return Documents(self, kind, scope.lower())

    def run(self, statement: str, *values: object) -> list[Any]:
        """Run one statement."""
        with self._lock:
            return self._database.execute(statement, values).fetchall()


class Documents:
    """The documents of one kind and scope, in the order in which they were first put."""

    def __init__(self, state: State, kind: str, scope: str) -> None:
        self._state = state
        self._place = (scope, kind)

    def put(self, key: str, document: Document) -> Document:
        """Keep a document under a key, in place of what was there, and return it."""
        self._state.run(
            "INSERT INTO documents VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET body = excluded.body",
            *self._place,
            key,
            json.dumps(document),
        )
        return document

    def get(self, key: str) -> Document | None:
        """Return the document of a key, if there is one."""
        rows = self._state.run(
            "SELECT body FROM documents WHERE scope = ? AND kind = ? AND key = ?",
            *self._place,
            key,
        )
        return json.loads(rows[0][0]) if rows else None

    def all(self, prefix: str = "") -> list[Document]:
        """Return all documents whose key begins with a prefix, oldest first."""
        rows = self._state.run(
            "SELECT body FROM documents WHERE scope = ? AND kind = ?"
            " AND substr(key, 1, length(?)) = ? ORDER BY rowid",
            *self._place,
            prefix,
            prefix,
        )
        return [json.loads(row[0]) for row in rows]

    def delete(self, key: str) -> bool:
        """Drop the document of a key; say whether there was one."""
        rows = self._state.run(
            "DELETE FROM documents WHERE scope = ? AND kind = ? AND key = ? RETURNING key",
            *self._place,
            key,
        )
        return bool(rows)

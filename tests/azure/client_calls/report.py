"""What came of each call, as a document that outlives the process."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

# How MLflow says that a server has no such endpoint: 404 and an empty body, as Azure answers.
_NO_ENDPOINT = re.compile(
    r"API request to endpoint (?P<path>\S+) failed with error code 404 != 200\. "
    r"Response body: ''"
)
_SERVICE = re.compile(r"(?:.*/api)?/\d+\.\d+/mlflow/(?P<endpoint>[a-z-]+)")


@dataclass(frozen=True)
class Outcome:
    """What came of one call.

    Attributes
    ----------
    error
        Class and first line of what it raised; None where it went well.
    missing
        The MLflow endpoints that the server answered with 404 and an empty body while it ran,
        whether the client raised for that or only warned; sorted.
    seconds
        How long it took.
    """

    error: str | None
    missing: tuple[str, ...] = ()
    seconds: float = 0.0


class Report:
    """Outcomes by the names of the calls."""

    def __init__(self, outcomes: dict[str, Outcome]) -> None:
        self.outcomes = outcomes

    @property
    def failures(self) -> dict[str, Outcome]:
        """Those that did not go well."""
        return {name: outcome for name, outcome in self.outcomes.items() if outcome.error}

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps({k: asdict(v) for k, v in self.outcomes.items()}, indent=1))

    @classmethod
    def read(cls, path: Path) -> Report:
        """Read what was written."""
        document = json.loads(path.read_text())
        return cls(
            {
                name: Outcome(entry["error"], tuple(entry["missing"]), entry["seconds"])
                for name, entry in document.items()
            }
        )


def described(error: BaseException) -> str:
    """Return the class and the first line of an error."""
    line = next(iter(str(error).strip().splitlines()), "")
    return f"{type(error).__name__}: {line}"


def missing_endpoints(text: str) -> set[str]:
    """Return the families of endpoints that ``text`` says the server lacks."""
    found = set()
    for match in _NO_ENDPOINT.finditer(text):
        service = _SERVICE.match(match["path"])
        found.add(service["endpoint"] if service else match["path"])
    return found

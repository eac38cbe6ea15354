"""What the services that runs go to can take: in one request, and in one run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

Batch = tuple[list[Any], list[Any], list[Any]]


@dataclass(frozen=True)
class Held:
    """The names of the metrics, params and tags that a run holds."""

    metrics: frozenset[str] = frozenset()
    params: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    def with_names(
        self, metrics: Sequence[Any], params: Sequence[Any], tags: Sequence[Any]
    ) -> Held:
        """Return the names with those of what is logged to it."""
        return Held(
            self.metrics | {metric.key for metric in metrics},
            self.params | {param.key for param in params},
            self.tags | {tag.key for tag in tags},
        )


NOTHING: Final = Held()


@dataclass(frozen=True)
class Limits:
    """What a service can take.

    Attributes
    ----------
    service
        Its name, for sentences.
    metrics, params, tags, values
        The most of each, and of all together, in one request.
    history_page
        The most points of a metric that can be asked for at once.
    run_tags, run_metrics, run_params
        The most tags, names of metrics and params that one run can hold.
    tag_key, tag_value
        The most characters of a tag's name and of its value.
    """

    service: str
    metrics: int
    params: int
    tags: int
    values: int
    history_page: int
    run_tags: int
    run_metrics: int
    run_params: int
    tag_key: int
    tag_value: int

    def batches(
        self, metrics: Sequence[Any], params: Sequence[Any], tags: Sequence[Any]
    ) -> Iterator[Batch]:
        """Cut what is to be logged into requests that the service takes, in order.

        Params and tags come first: they are few, and describe what follows. What fits into one
        request stays one. Nothing to log is one request too, because a store checks the run then.
        """
        rest = (list(metrics), list(params), list(tags))
        yield self._cut(*rest)
        while any(rest):
            yield self._cut(*rest)

    def _cut(self, metrics: list[Any], params: list[Any], tags: list[Any]) -> Batch:
        """Take out of the three lists what one request holds."""
        room = self.values
        taken = []
        for values, most in ((tags, self.tags), (params, self.params), (metrics, self.metrics)):
            count = min(room, most)
            taken.append(values[:count])
            del values[:count]
            room -= len(taken[-1])
        first, second, third = taken
        return third, second, first

    def too_long(self, tags: Sequence[Any]) -> str | None:
        """Return a sentence on the first tag whose name or value is too long, if there is one."""
        for tag in tags:
            if len(tag.key) > self.tag_key:
                return (
                    f"The tag {tag.key[:40] + '…'!r} has a name of {len(tag.key):,} characters, "
                    f"and {self.service} holds {self.tag_key:,}: give it a shorter one."
                )
            if len(str(tag.value)) > self.tag_value:
                return (
                    f"The tag {tag.key!r} is {len(str(tag.value)):,} characters long, and "
                    f"{self.service} holds {self.tag_value:,}: shorten it, or log it as a file "
                    "with mlflow.log_text."
                )
        return None

    def too_many(
        self, held: Held, metrics: Sequence[Any], params: Sequence[Any], tags: Sequence[Any]
    ) -> str | None:
        """Return a sentence on what would be too many in the run, if anything would be."""
        kinds = (
            ("tags", held.tags, tags, self.run_tags, _LESS_TAGS),
            ("metrics", held.metrics, metrics, self.run_metrics, _LESS_METRICS),
            ("params", held.params, params, self.run_params, _LESS_PARAMS),
        )
        for kind, old, new, most, advice in kinds:
            total = len(old | {value.key for value in new})
            if total > most:
                return (
                    f"The run would have {total:,} {kind}, and {self.service} holds {most:,} a "
                    f"run: {advice}."
                )
        return None


_LESS_TAGS: Final = "log what describes it as one file with mlflow.log_dict"
_LESS_METRICS: Final = "log them as steps of fewer metrics, or in nested runs"
_LESS_PARAMS: Final = "log the whole configuration as one file with mlflow.log_dict"

# Read in Azure ML's documentation ("Manage resources and quotas", "Track ML experiments"), which
# says 200 metrics a request in one place and 250 in another; and seen: a page of 1,000 is refused.
AZURE: Final = Limits(
    service="Azure Machine Learning",
    metrics=200,
    params=100,
    tags=50,
    values=200,
    history_page=900,
    run_tags=50,
    run_metrics=50,
    run_params=200,
    tag_key=100,
    tag_value=1000,
)

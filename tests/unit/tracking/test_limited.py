"""Limits of a service: cut what is too large, name what cannot be held."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

from amlflow_jupyter.tracking.limited import LimitedStore
from amlflow_jupyter.tracking.limits import AZURE, NOTHING, Held

SMALL = replace(AZURE, metrics=5, params=3, tags=2, values=6, history_page=4, run_tags=4)


def points(count: int) -> list[Metric]:
    return [Metric("loss", float(step), 1, step) for step in range(count)]


def params(count: int) -> list[Param]:
    return [Param(f"p{number}", "x") for number in range(count)]


def tags(count: int) -> list[RunTag]:
    return [RunTag(f"t{number}", "x") for number in range(count)]


@pytest.mark.parametrize("sizes", [(0, 0, 0), (5, 0, 1), (1, 3, 2), (0, 0, 2)])
def test_what_fits_stays_one_request(sizes: tuple[int, int, int]):
    given = (points(sizes[0]), params(sizes[1]), tags(sizes[2]))
    assert list(SMALL.batches(*given)) == [given]


@pytest.mark.parametrize("sizes", [(6, 0, 0), (23, 0, 0), (0, 7, 0), (12, 7, 5), (1, 0, 9)])
def test_what_does_not_fit_is_cut_in_order(sizes: tuple[int, int, int]):
    given = (points(sizes[0]), params(sizes[1]), tags(sizes[2]))
    batches = list(SMALL.batches(*given))
    for kind, values in enumerate(given):
        assert [value for batch in batches for value in batch[kind]] == values
    for batch in batches:
        assert 0 < sum(map(len, batch)) <= SMALL.values
        assert [len(part) <= most for part, most in zip(batch, (5, 3, 2), strict=True)] == [
            True
        ] * 3


def test_a_tag_that_is_too_long_is_named():
    assert AZURE.too_long([RunTag("k" * 100, "v" * 1000)]) is None
    long_value = AZURE.too_long([RunTag("ok", "v"), RunTag("story", "v" * 1001)])
    assert "'story' is 1,001 characters long" in long_value
    assert "mlflow.log_text" in long_value
    assert "a name of 101 characters" in AZURE.too_long([RunTag("k" * 101, "v")])


def test_what_is_too_many_for_a_run_is_named():
    held = Held(tags=frozenset(f"t{number}" for number in range(49)))
    assert AZURE.too_many(held, [], [], tags(50)) is None  # most are there already
    assert "would have 51 tags" in AZURE.too_many(held, [], [], [RunTag("a", ""), RunTag("b", "")])
    assert "201 params" in AZURE.too_many(NOTHING, [], params(201), [])
    names = [Metric(f"m{number}", 1.0, 1, 0) for number in range(51)]
    assert "51 metrics" in AZURE.too_many(NOTHING, names, [], [])
    assert AZURE.too_many(NOTHING, points(60), [], []) is None


class Narrow(SqlAlchemyStore):
    """A store that refuses what :data:`SMALL` says, and remembers the size of each request."""

    requests: list[int]

    def log_batch(self, run_id, metrics, params, tags):
        self.requests.append(len(metrics) + len(params) + len(tags))
        self._refuse(self.requests[-1] > SMALL.values or len(metrics) > SMALL.metrics)
        self._refuse(any(len(tag.value) > SMALL.tag_value for tag in tags))
        self._refuse(
            len({*self.get_run(run_id).data.tags, *(t.key for t in tags)}) > SMALL.run_tags
        )
        super().log_batch(run_id, metrics, params, tags)

    def get_metric_history(self, run_id, metric_key, max_results=None, page_token=None):
        self._refuse(max_results is None or max_results > SMALL.history_page)
        return super().get_metric_history(run_id, metric_key, max_results, page_token)

    def _refuse(self, beyond: bool) -> None:
        if beyond:
            raise MlflowException("UserError: refused")


class Limited(LimitedStore, Narrow):
    limits = SMALL


@pytest.fixture
def store(tmp_path: Path) -> Limited:
    store = Limited(f"sqlite:///{tmp_path}/store.db", str(tmp_path / "artifacts"))
    store.requests = []
    return store


@pytest.fixture
def run_id(store: Limited) -> str:
    return store.create_run("0", "me", 0, [], "run").info.run_id


def test_a_store_splits_large_batches(store: Limited, run_id: str):
    store.log_batch(run_id, points(23), params(4), [])
    assert sum(store.requests) == 27
    assert len(store.get_run(run_id).data.params) == 4
    history = store.get_metric_history(run_id, "loss")
    assert [point.step for point in history] == list(range(23))


def test_a_store_splits_what_is_queued(store: Limited, run_id: str):
    store.log_batch_async(run_id, points(23), [], []).wait()
    assert len(store.get_metric_history(run_id, "loss")) == 23


def test_a_history_is_read_page_by_page(store: Limited, run_id: str):
    store.log_batch(run_id, points(10), [], [])
    page = store.get_metric_history(run_id, "loss", max_results=25000)
    assert len(page) == 4
    rest = store.get_metric_history(run_id, "loss", 3, page.token)
    assert [point.step for point in rest] == [4, 5, 6]


def test_a_store_names_the_limit_that_was_met(store: Limited, run_id: str):
    with pytest.raises(MlflowException, match=r"The tag 'story' is 1,500 characters long") as error:
        store.log_batch(run_id, [], [], [RunTag("story", "v" * 1500)])
    assert error.value.get_http_status_code() == 400
    with pytest.raises(MlflowException, match=r"would have \d tags, and Azure Machine Learning"):
        store.log_batch(run_id, [], [], tags(9))


def test_a_refusal_for_another_reason_stays_as_it_is(store: Limited, run_id: str):
    store.log_param(run_id, Param("lr", "1"))
    with pytest.raises(MlflowException, match="Changing param values is not allowed"):
        store.log_param(run_id, Param("lr", "2"))

"""Answers that are lost, late, wrong or refusals: what was logged arrives all the same, once."""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from email.utils import formatdate

import pytest
from fault_proxy import FaultProxy
from journaling import Journaled, create_run, journal_points, journaled, now, stored, texts
from servers import MlflowServer

BATCH = "runs/log-batch"


def log_points(here: Journaled, run_id: str, count: int = 500) -> Counter:
    log, at = here.run(run_id), now()
    for step in range(count):
        log.metric("loss", 1 / (step + 1), step, at + step)
    return Counter(("loss", step, at + step, 1 / (step + 1)) for step in range(count))


def test_everything_arrives_where_nothing_fails(server: MlflowServer, proxy: FaultProxy):
    run_id = create_run(server.url)
    with journaled(proxy.url) as here:
        logged = log_points(here, run_id, 2500)
        log = here.run(run_id)
        log.param("lr", "0.1", now())
        log.tag("note", "first", now())
        log.tag("note", "second", now())
        assert here.delivered()
        assert journal_points(here.journal.path, run_id) == logged
        status = here.delivery.status()
    assert stored(server.folder, run_id) == logged
    assert texts(server.folder, run_id, "params") == {"lr": "0.1"}
    assert texts(server.folder, run_id, "tags") == {"note": "second"}
    assert (status.sentence(), status.backlog, status.quarantined) == ("delivered", 0, ())


@pytest.mark.parametrize("fault", ["lose", "cut_answer"])
def test_an_answer_that_is_lost(server: MlflowServer, proxy: FaultProxy, fault: str):
    run_id = create_run(server.url)
    proxy.fail(BATCH, times=2, **{fault: True})
    with journaled(proxy.url) as here:
        logged = log_points(here, run_id, 1500)
        assert here.delivered()
    assert stored(server.folder, run_id) == logged
    # What may have arrived was looked up, not sent again.
    assert proxy.asked("metrics/get-history") >= 1


def test_a_request_that_is_cut(server: MlflowServer, proxy: FaultProxy):
    run_id = create_run(server.url)
    proxy.fail(BATCH, times=2, cut_request=True)
    with journaled(proxy.url) as here:
        logged = log_points(here, run_id)
        assert here.delivered()
    assert stored(server.folder, run_id) == logged


@pytest.mark.parametrize("asked", ["seconds", "date"])
def test_a_server_that_asks_to_wait_is_left_alone_so_long(
    server: MlflowServer, proxy: FaultProxy, asked: str
):
    run_id = create_run(server.url)
    wait = "3" if asked == "seconds" else formatdate(time.time() + 4, usegmt=True)
    proxy.fail(BATCH, times=1, status=429, headers={"Retry-After": wait})
    with journaled(proxy.url) as here:
        logged = log_points(here, run_id)
        here.wait_until(lambda status: status.state == "offline")
        assert here.delivered()
    assert stored(server.folder, run_id) == logged
    first, second = [at for at, _, path in proxy.requests if BATCH in path][:2]
    assert second - first >= 2.5


def test_a_storm_of_server_errors(server: MlflowServer, proxy: FaultProxy):
    run_id = create_run(server.url)
    for status in (500, 502, 503, 504):
        proxy.fail(status=status, times=2, body="<html>Bad gateway</html>")
    with journaled(proxy.url) as here:
        logged = log_points(here, run_id)
        told = here.wait_until(lambda status: status.error is not None)
        assert "fails (50" in told.error
        assert "500 values kept here" in told.sentence()
        assert here.delivered()
    assert stored(server.folder, run_id) == logged


@pytest.mark.parametrize("body", ["<html>Sign in</html>", "]]garbage", '"a string"'])
def test_a_page_with_status_200_is_no_acknowledgement(
    server: MlflowServer, proxy: FaultProxy, body: str
):
    run_id = create_run(server.url)
    proxy.fail(BATCH, times=2, status=200, body=body, headers={"Content-Type": "text/html"})
    with journaled(proxy.url) as here:
        logged = log_points(here, run_id)
        told = here.wait_until(lambda status: status.error is not None)
        assert "something else than MLflow" in told.error
        assert here.delivered()
    assert stored(server.folder, run_id) == logged


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_sign_in_pauses_delivery_and_says_so(
    server: MlflowServer, proxy: FaultProxy, status: int
):
    run_id = create_run(server.url)
    proxy.fail(status=status, body="{}")
    with journaled(proxy.url) as here:
        logged = log_points(here, run_id)
        told = here.wait_until(lambda status: status.state == "sign-in")
        assert "sign-in needed, 500 values kept here" in told.sentence()
        asked = len(proxy.requests)
        time.sleep(2)
        assert len(proxy.requests) == asked
        proxy.heal()
        here.delivery.retry()
        assert here.delivered(20)
    assert stored(server.folder, run_id) == logged


def test_a_black_hole_holds_nobody_up(server: MlflowServer, proxy: FaultProxy):
    run_id = create_run(server.url)
    proxy.fail(BATCH, silent=True)
    with journaled(proxy.url) as here:
        begun = time.monotonic()
        log_points(here, run_id)
        assert not here.delivery.flush(1.0)
        told = here.wait_until(lambda status: status.state == "offline")
        assert "has not answered for" in told.error
        status = here.delivery.close(1.0)
        assert time.monotonic() - begun < 20
    assert status.backlog == 500


def test_poison_among_good_ones_is_set_aside_with_the_reason(
    server: MlflowServer, proxy: FaultProxy
):
    run_id = create_run(server.url)
    with journaled(proxy.url) as here:
        log = here.run(run_id)
        log.param("lr", "0.1", now())
        assert here.delivered()
        logged = log_points(here, run_id, 300)
        log.metric("k" * 300, 1.0, 0, now())
        log.param("lr", "0.2", now())
        log.param("after", "fine", now())
        logged += log_points(here, run_id, 300)
        assert here.delivered()
        status = here.delivery.status()
    assert stored(server.folder, run_id) == logged
    assert texts(server.folder, run_id, "params") == {"lr": "0.1", "after": "fine"}
    reasons = {(kind, name[:2]): reason for _, kind, name, reason in status.quarantined}
    assert reasons.keys() == {("metric", "kk"), ("param", "lr")}
    assert "exceeds" in reasons["metric", "kk"]
    assert "Changing param" in reasons["param", "lr"]
    assert any("Not taken by the store" in line for line in status.lines())
    assert status.sentence() == "delivered"


@pytest.mark.parametrize(
    ("message", "most", "refusals"),
    [("Batches can contain at most 250 metrics.", 250, 1), ("It is too much.", 250, 3)],
)
def test_a_smaller_limit_is_learnt_and_kept(
    server: MlflowServer, proxy: FaultProxy, message: str, most: int, refusals: int
):
    run_id = create_run(server.url)
    body = json.dumps({"error_code": "INVALID_PARAMETER_VALUE", "message": message})
    rule = proxy.fail(BATCH, status=400, body=body, most=most)
    with journaled(proxy.url) as here:
        logged = log_points(here, run_id, 3000)
        assert here.delivered()
        learnt = rule.met
        assert learnt <= refusals
        assert 125 <= here.journal.limits(1).metrics <= 250
        logged += log_points(here, run_id, 3000)
        assert here.delivered()
        assert rule.met == learnt
        assert here.delivery.status().quarantined == ()
    assert stored(server.folder, run_id) == logged


def test_a_run_that_was_deleted_is_named_and_keeps_what_was_logged(
    server: MlflowServer, proxy: FaultProxy
):
    from mlflow import MlflowClient

    gone, there = create_run(server.url), create_run(server.url)
    MlflowClient(server.url).delete_run(gone)
    with journaled(proxy.url) as here:
        lost = log_points(here, gone)
        logged = log_points(here, there)
        assert here.delivered()
        status = here.delivery.status()
        assert journal_points(here.journal.path, gone) == lost
    assert stored(server.folder, there) == logged
    ((run_id, reason),) = status.refused
    assert run_id == gone
    assert "deleted" in reason


def test_values_that_are_no_ordinary_numbers(server: MlflowServer, proxy: FaultProxy):
    run_id = create_run(server.url)
    at = now()
    with journaled(proxy.url) as here:
        log = here.run(run_id)
        for value in (math.nan, math.inf, -math.inf, 0.1, 5e-324, -0.0):
            log.metric("odd", value, 7, at)
        for _ in range(5):
            log.metric("same", 1.0, 0, at)
        log.metric("step", 1.0, -(2**62), at)
        assert here.delivered()
        status = here.delivery.status()
    largest = 1.7976931348623157e308
    values = [None, largest, -largest, 0.1, 5e-324, 0.0]
    wanted = Counter([("odd", 7, at, value) for value in values])
    wanted += Counter([("same", 0, at, 1.0), ("step", -(2**62), at, 1.0)])
    assert stored(server.folder, run_id) == wanted
    assert status.quarantined == ()


def test_a_clock_that_jumps_back_changes_nothing(server: MlflowServer, proxy: FaultProxy):
    run_id = create_run(server.url)
    at = now()
    times = [at + 5000, at - 3_600_000, at, at - 1]
    with journaled(proxy.url) as here:
        log = here.run(run_id)
        for step, moment in enumerate(times):
            log.metric("loss", step, step, moment)
        assert here.delivered()
        points = journal_points(here.journal.path, run_id)
    wanted = Counter(("loss", step, moment, float(step)) for step, moment in enumerate(times))
    assert points == wanted
    assert stored(server.folder, run_id) == wanted

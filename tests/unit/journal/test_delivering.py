"""What is sent when a store keeps duplicates, and what is not sent twice."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest
from made_target import MadeTarget

from amlflow_jupyter.journal.journal import Journal
from amlflow_jupyter.journal.outcomes import Refused, TryLater
from amlflow_jupyter.journal.sync import Delivery

RUN = "a" * 32


@pytest.fixture
def target() -> MadeTarget:
    return MadeTarget()


@pytest.fixture
def journal():
    made = Journal.new()
    yield made
    made.close()


def deliver(journal: Journal, target: MadeTarget) -> None:
    delivery = Delivery(journal, lambda _: target)
    for _ in range(200):
        delivery.retry()
        delivery.once()
        if delivery.status().state == "delivered":
            return
    raise AssertionError(delivery.status())


def logged(journal: Journal, count: int = 100) -> Counter:
    log = journal.run(RUN, "made:", store_run_id=RUN)
    for step in range(count):
        log.metric("loss", step / 3, step, 1000 + step)
    return Counter((RUN, "loss", step, 1000 + step, step / 3) for step in range(count))


def test_what_arrived_without_an_answer_is_not_sent_again(journal: Journal, target: MadeTarget):
    target.failures = [(TryLater("lost", arrived=True), True)] * 3
    wanted = logged(journal)
    deliver(journal, target)
    assert target.points == wanted
    assert [name for name, _ in target.calls].count("batch") == 1


def test_what_did_not_arrive_is_sent_again_without_looking(journal: Journal, target: MadeTarget):
    target.failures = [(TryLater("refused", arrived=False), False)] * 2
    wanted = logged(journal)
    deliver(journal, target)
    assert target.points == wanted
    assert "history" not in [name for name, _ in target.calls]


def test_what_is_in_doubt_stays_so_until_it_is_looked_up(journal: Journal, target: MadeTarget):
    wanted = logged(journal, 100)
    target.failures = [
        (TryLater("lost", arrived=True), True),
        (TryLater("refused", arrived=False), False),
    ]
    delivery = Delivery(journal, lambda _: target)
    delivery.once()
    log = journal.known(RUN)
    for step in range(100, 200):
        log.metric("loss", step / 3, step, 1000 + step)
        wanted[RUN, "loss", step, 1000 + step, step / 3] = 1
    deliver(journal, target)
    assert target.points == wanted


@pytest.mark.parametrize("seed", range(20))
def test_whatever_fails_everything_is_there_once(journal: Journal, target: MadeTarget, seed: int):
    chance = random.Random(seed)
    arrived = [chance.random() < 0.5 for _ in range(30)]
    # Only what never left is known not to have arrived.
    target.failures = [
        (TryLater("fault", arrived=acts or chance.random() < 0.5), acts) for acts in arrived
    ]
    wanted = logged(journal, 3000)
    deliver(journal, target)
    assert target.points == wanted


def test_a_journal_taken_over_looks_before_it_sends(target: MadeTarget):
    journal = Journal.new()
    wanted = logged(journal)
    target.failures = [(TryLater("lost", arrived=True), True)]
    Delivery(journal, lambda _: target).once()
    path = journal.path
    journal.close()
    from amlflow_jupyter.journal import ownership

    again = Journal.reopen(path, ownership.take(path))
    log = again.run(RUN, "made:", store_run_id=RUN)
    log.metric("loss", math.nan, 7, 7)
    deliver(again, target)
    again.close(remove=True)
    numbers = Counter({place: n for place, n in target.points.items() if place[4] == place[4]})
    assert numbers == wanted
    assert sum(target.points.values()) == 101


def test_the_last_of_two_tags_stands(journal: Journal, target: MadeTarget):
    log = journal.run(RUN, "made:", store_run_id=RUN)
    for number in range(10):
        log.tag("state", str(number), number)
    log.end("FINISHED", 10)
    log.tag("state", "after the end", 11)
    deliver(journal, target)
    assert target.tags == {(RUN, "state"): "after the end"}
    assert target.ended == {RUN: "FINISHED"}
    assert target.calls[-2:] == [("end", RUN), ("batch", RUN)]


def test_one_poisonous_entry_among_thousands(journal: Journal):
    class Picky(MadeTarget):
        def send_batch(self, run_id, batch):
            if any(entry.step == 777 for entry in batch.metrics):
                raise Refused("777 is not taken")
            super().send_batch(run_id, batch)

    target = Picky()
    wanted = logged(journal, 3000)
    deliver(journal, target)
    del wanted[RUN, "loss", 777, 1777, 259.0]
    assert target.points == wanted
    assert len(target.calls) < 40


def test_a_run_is_created_before_anything_is_sent_to_it(journal: Journal, target: MadeTarget):
    target.failures = [(TryLater("lost", arrived=True), True)]
    log = journal.create_run(RUN, "made:", {"experiment_id": "0"})
    log.metric("loss", 1.0, 0, 1)
    deliver(journal, target)
    assert [name for name, _ in target.calls] == ["create", "find", "batch"]
    assert target.points == Counter({("run-0", "loss", 0, 1, 1.0): 1})


def test_what_one_store_does_not_take_keeps_nothing_from_another(journal: Journal):
    class Gone(MadeTarget):
        def send_batch(self, *_):
            raise TryLater("gone", arrived=False)

    stores = {"gone:": Gone(), "there:": MadeTarget()}
    journal.run("1" * 32, "gone:", store_run_id="1" * 32).metric("loss", 1.0, 0, 1)
    journal.run("2" * 32, "there:", store_run_id="2" * 32).metric("loss", 2.0, 0, 1)
    delivery = Delivery(journal, stores.__getitem__)
    delivery.once()
    assert sum(stores["there:"].points.values()) == 1
    assert delivery.status().sentence() == "offline, 1 value kept here"

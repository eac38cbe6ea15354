"""Loggers are quiet while a block runs, and as they were when the last of several has ended."""

import logging
import threading

import pytest

from amlflow_jupyter.workspaces.quiet import quiet

NAME = "amlflow-test-of-quiet"
LOGGER = logging.getLogger(NAME)


@pytest.fixture(autouse=True)
def loud():
    LOGGER.setLevel(logging.INFO)
    yield
    LOGGER.setLevel(logging.NOTSET)


def test_a_block_is_quiet_and_what_follows_is_not():
    with quiet(logging.ERROR, NAME):
        assert LOGGER.level == logging.ERROR
        with quiet(logging.WARNING, NAME):
            assert LOGGER.level == logging.ERROR
    assert LOGGER.level == logging.INFO


def test_blocks_of_several_threads_overlap():
    begun, go_on = threading.Event(), threading.Event()

    def other():
        with quiet(logging.CRITICAL, NAME):
            begun.set()
            go_on.wait(10)

    thread = threading.Thread(target=other)
    with quiet(logging.ERROR, NAME):
        thread.start()
        begun.wait(10)
    assert LOGGER.level == logging.CRITICAL
    go_on.set()
    thread.join()
    assert LOGGER.level == logging.INFO


def test_a_level_that_someone_sets_meanwhile_stays():
    with quiet(logging.ERROR, NAME):
        LOGGER.setLevel(logging.DEBUG)
    assert LOGGER.level == logging.DEBUG

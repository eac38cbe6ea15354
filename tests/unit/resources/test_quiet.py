import logging
import sys
import threading
import warnings

import pytest

from amlflow_jupyter.resources.quiet import quiet


def test_prints_logs_and_warnings_are_swallowed(capsys):
    with quiet():
        print("Uploading an estimated of 3 files")
        logging.getLogger("azureml.core.workspace").error("noise")
        warnings.warn("old", FutureWarning, stacklevel=1)
    print("after")
    assert capsys.readouterr() == ("after\n", "")


def test_lines_can_be_heard(capsys):
    heard: list[str] = []
    with quiet(heard.append):
        print("Deploying KeyVault.\n\nDeployed KeyVault.")
    assert heard == ["Deploying KeyVault.", "Deployed KeyVault."]
    assert capsys.readouterr().out == ""


def test_other_threads_go_on_printing(capsys):
    with quiet():
        thread = threading.Thread(target=print, args=("the user's",))
        thread.start()
        thread.join()
        print("noise")
    assert capsys.readouterr().out == "the user's\n"


def test_everything_is_put_back():
    stream, level = sys.stdout, logging.getLogger("azureml").level
    with pytest.raises(ZeroDivisionError), quiet():
        print(1 / 0)
    assert sys.stdout is stream
    assert logging.getLogger("azureml").level == level

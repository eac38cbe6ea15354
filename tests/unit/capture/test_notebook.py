"""The notebook's snapshot."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from amlflow_jupyter.capture import notebook


def write(path: Path, *sources: str) -> Path:
    output = new_output("stream", text="hunter22 " * 100)
    cells = [new_code_cell(source, outputs=[output], execution_count=3) for source in sources]
    nbformat.write(new_notebook(cells=[new_markdown_cell("# ä title"), *cells]), path)
    return path


def test_outputs_and_secrets_are_taken_out(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", 'import x\npassword = "hunter22"\nx.go()', "1 + 1")
    found = notebook.collect(path, 100_000)
    text = found.files["amlflow/notebook.ipynb"]
    kept = nbformat.reads(text, as_version=4)
    nbformat.validate(kept)
    assert [cell.source for cell in kept.cells] == [
        "# ä title",
        'import x\npassword = "[redacted]"\nx.go()',
        "1 + 1",
    ]
    assert all(not cell.outputs for cell in kept.cells if cell.cell_type == "code")
    assert "hunter22" not in text
    assert found.redacted == 0  # they are those of other cells: nothing to tell of this one


def test_source_that_is_one_string(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    cell = {"cell_type": "code", "source": "a = 1\nb = 2", "metadata": {}, "outputs": []}
    path.write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]})
    )
    kept = json.loads(notebook.collect(path, 100_000).files["amlflow/notebook.ipynb"])
    assert kept["cells"][0]["source"] == ["a = 1\n", "b = 2"]


def test_one_that_is_too_long_is_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", "x = 1\n" * 10_000)
    assert notebook.collect(path, 20_000).notes == ("The notebook is not kept: it has 0.2 MB",)
    # So much longer than that is not even read.
    (tmp_path / "long.ipynb").write_text("no json" * 10_000)
    found = notebook.collect(tmp_path / "long.ipynb", 1000)
    assert found.notes == ("The notebook is not kept: it has 70 kB",)


def test_an_old_format_is_said(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text('{"nbformat": 3, "worksheets": []}')
    assert notebook.collect(path, 1000).notes == (
        "The notebook is not kept: it is of an old format",
    )


def test_a_script_is_no_notebook(tmp_path: Path) -> None:
    assert notebook.collect(tmp_path / "train.py", 1000) == notebook.Findings()

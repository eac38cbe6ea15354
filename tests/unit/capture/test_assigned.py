"""Which of a cell's variables may be its params."""

from __future__ import annotations

import pytest

from amlflow_jupyter.capture import assigned_names, plain_scalars

CELLS = {
    "plain": ("lr = 0.1\nepochs = 3", ["lr", "epochs"]),
    "annotated": ("lr: float = 0.1\nunset: int", ["lr"]),
    "tuple": ("a, (b, [c, *rest]) = 1, (2, [3, 4])", ["a", "b", "c"]),
    "chain": ("a = b = 1", ["a", "b"]),
    "second assignment": ("a = 1\na = 2\nb = 1", ["b"]),
    "augmented": ("a = 1\na += 1", []),
    "loop": ("i = 0\nfor i in range(3):\n    x = i", []),
    "changed in a loop": ("total = 0\nfor i in range(3):\n    total = total + i", []),
    "with": ("f = None\nwith open('x') as f:\n    pass", []),
    "del": ("a = 1\ndel a", []),
    "import": ("import a\na = 1\nb = 1", ["b"]),
    "function of the same name": ("a = 1\ndef a():\n    pass", []),
    "only in a function": ("def f():\n    a = 1\nb = 2", ["b"]),
    "the same name in a function": ("a = 1\ndef f():\n    a = 2", ["a"]),
    "comprehension": ("i = 1\nx = [i for i in range(3)]", ["i", "x"]),
    "exception": ("e = 1\ntry:\n    pass\nexcept ValueError as e:\n    pass", []),
    "attribute": ("x.lr = 0.1\nx['lr'] = 1", []),
    "private": ("_a = 1\n__b = 2", []),
    "walrus": ("n = 1\nif (n := 2):\n    pass", []),
    "magics": ("%matplotlib inline\nlr = 0.1\n!pip list\nfiles = !ls\nlen?", ["lr", "files"]),
    "tracked": ("%%track name --params\nlr = 0.1", ["lr"]),
    "tracked and timed": ("# a\n\n%%track\n%%time\nlr = 0.1", ["lr"]),
    "another language": ("%%bash\nlr=0.1", []),
    "syntax error": ("lr = = 1", []),
    "await": ("lr = 0.1\nx = await f()", ["lr", "x"]),
    "empty": ("", []),
}


@pytest.mark.parametrize(("source", "expected"), CELLS.values(), ids=CELLS)
def test_names(source: str, expected: list[str]) -> None:
    assert assigned_names(source) == expected


def test_plain_values() -> None:
    import numpy as np

    namespace = {
        "flag": True,
        "count": 3,
        "rate": 0.1,
        "name": "adam",
        "nothing": None,
        "single": np.float32(0.5),
        "number": np.int64(7),
        "truth": np.bool_(False),
        "array": np.zeros(3),
        "list": [1],
        "long": "x" * 501,
        "_private": 1,
        "function": len,
        "complex": 1j,
    }
    found = plain_scalars([*namespace, "missing"], namespace)
    assert found == {
        "flag": True,
        "count": 3,
        "rate": 0.1,
        "name": "adam",
        "nothing": None,
        "single": 0.5,
        "number": 7,
        "truth": False,
    }
    assert all(type(value).__module__ == "builtins" for value in found.values())

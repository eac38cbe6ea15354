"""A Python that has every package of this one, but amlflow: the clients as they are without us.

A package's entry points work by its installation alone, so that leaving amlflow unimported would
not do. What is made is a virtual environment whose packages are links to this environment's,
without those that amlflow's own list of installed files names.
"""

from __future__ import annotations

import sys
import sysconfig
import venv
from importlib.metadata import distribution
from pathlib import Path

_OURS = "amlflow-jupyter"


def bare_python(folder: Path) -> Path:
    """Make the environment in ``folder``; return its Python."""
    venv.create(folder, symlinks=True, with_pip=False)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = folder / "lib" / version / "site-packages"
    ours = {file.parts[0] for file in distribution(_OURS).files or ()}
    assert "amlflow" in ours
    for place in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for entry in Path(place).iterdir():
            if entry.name not in ours and not (packages / entry.name).exists():
                (packages / entry.name).symlink_to(entry)
    return folder / "bin" / "python"

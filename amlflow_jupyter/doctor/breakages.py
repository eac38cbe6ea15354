"""Versions that are known not to work together, and known vulnerabilities of MLflow.

Each rule names where it is known from. What a package's own metadata says (such as that
azureml-mlflow takes MLflow only up to some version) needs no rule: :mod:`.packages` reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from amlflow_jupyter.doctor.finding import Level
from amlflow_jupyter.doctor.packages import Package

_ABSENT: Final = "absent"


@dataclass(frozen=True)
class Breakage:
    """A pair of packages that does not work.

    Attributes
    ----------
    package, versions
        A package, and its versions (PEP 440) that the rule is about.
    beside, beside_versions
        The other one, and which of its versions break; ``"absent"`` where it must not be missing.
    level
        How much is broken.
    says
        The sentence; ``{version}`` and ``{other}`` are the two versions.
    install
        What mends it, as requirements; empty where ``package`` is to be removed.
    source
        Where it is known from.
    """

    package: str
    versions: str
    beside: str
    beside_versions: str
    level: Level
    says: str
    install: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Vulnerability:
    """A vulnerability of MLflow.

    Attributes
    ----------
    fixed
        The first version without it.
    name
        Its public name.
    what
        What it allows.
    """

    fixed: str
    name: str
    what: str


# The first that takes MLflow 3.15.
AZUREML_MLFLOW: Final = "azureml-mlflow>=1.62.0.post6"

BREAKAGES: Final = (
    Breakage(
        "azureml-mlflow",
        "<1.61",
        "mlflow-skinny",
        ">=3.2",
        # Only a warning: amlflow's own builder leaves the argument out (tracking/stores.py).
        Level.WARNING,
        "azureml-mlflow {version} does not know how mlflow {other} asks for artifacts: every call "
        "that logs, lists or loads one fails where amlflow does not mend it.",
        (AZUREML_MLFLOW,),
        # Read: 1.60.0.post1 has no parameter `tracking_uri`, 1.61.0 has; mlflow passes it by
        # name since 3.2.0, by position before.
        "Azure/azure-sdk-for-python #42626, #43661",
    ),
    Breakage(
        "azureml-mlflow",
        "",
        "azureml-core",
        _ABSENT,
        Level.WARNING,
        "azureml-mlflow {version} is installed without azureml-core, which amlflow.workspace() and "
        "the magics of an Azure ML workspace need.",
        ("azureml-core",),
        "amlflow itself",
    ),
    Breakage(
        "azure-ai-ml",
        "",
        "marshmallow",
        ">=4",
        Level.FAILURE,
        "azure-ai-ml {version} cannot be imported with marshmallow {other}.",
        ("azure-ai-ml", "marshmallow<4"),
        # Read: up to 1.35.2 it imports FieldInstanceResolutionError, which marshmallow 4 has not.
        "Azure/azure-sdk-for-python #40565, #40575",
    ),
    Breakage(
        "azureml-widgets",
        "",
        "ipywidgets",
        ">=8",
        Level.WARNING,
        "azureml-widgets {version} draws its RunDetails with ipywidgets 7 only, but {other} is "
        "installed, which the live views of amlflow need.",
        (),
        "metadata of azureml-widgets 1.62.0: ipywidgets>=7,<8",
    ),
    Breakage(
        "mlflow-skinny",
        "<4",
        "pandas",
        ">=3",
        Level.WARNING,
        "mlflow {version} is not made for pandas {other}; asking pip for both gives an MLflow that "
        "is years old.",
        ("pandas>=2.2,<3",),
        "mlflow/mlflow #22349, #20534; metadata of mlflow 3.15.0: pandas<3",
    ),
    Breakage(
        "ipywidgets",
        ">=8",
        "jupyterlab-widgets",
        "<3",
        Level.FAILURE,
        "ipywidgets {version} and jupyterlab-widgets {other} do not belong together: views stay "
        'empty, with "model not found".',
        ("ipywidgets>=8.1", "jupyterlab-widgets>=3"),
        "jupyter-widgets/ipywidgets #3577",
    ),
    Breakage(
        "ipywidgets",
        "<8",
        "jupyterlab",
        ">=4",
        Level.FAILURE,
        "ipywidgets {version} is too old for JupyterLab {other}: views stay empty.",
        ("ipywidgets>=8.1",),
        "jupyter-widgets/ipywidgets #3823",
    ),
    Breakage(
        "anywidget",
        "<0.9.18",
        "jupyterlab",
        ">=4",
        Level.FAILURE,
        "anywidget {version} is older than what the live views of amlflow are made with.",
        ("anywidget>=0.9.18",),
        "amlflow itself",
    ),
)

# Of those that were published, the ones that the newest versions mend; the newest first.
VULNERABILITIES: Final = (
    Vulnerability("3.13.0", "CVE-2026-8147", "others' traces can be read on a server with users"),
    Vulnerability("3.11.1", "CVE-2026-33865", "a model can run a script in others' browsers"),
    Vulnerability("3.11.0", "CVE-2026-4137", "others on a computer can change models being loaded"),
    Vulnerability("3.10.0", "CVE-2026-2614", "the files of a server can be read"),
    Vulnerability("3.0.0", "CVE-2025-11201", "code can be run on a server"),
)


def breakages(installed: Mapping[str, Package]) -> Iterator[tuple[Breakage, str]]:
    """Yield each rule that is broken, with its sentence.

    Parameters
    ----------
    installed
        Packages by their normalised names.
    """
    for rule in BREAKAGES:
        package, beside = installed.get(rule.package), installed.get(rule.beside)
        if package is None or not _is_in(package, rule.versions):
            continue
        if rule.beside_versions == _ABSENT:
            broken = beside is None
        else:
            broken = beside is not None and _is_in(beside, rule.beside_versions)
        if broken:
            other = str(beside.version) if beside else ""
            yield rule, rule.says.format(version=package.version, other=other)


def vulnerabilities(mlflow: Package) -> list[Vulnerability]:
    """Return the known vulnerabilities of this MLflow."""
    from packaging.version import Version

    return [one for one in VULNERABILITIES if mlflow.version < Version(one.fixed)]


def _is_in(package: Package, versions: str) -> bool:
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(versions).contains(package.version, prereleases=True)

"""What JupyterLab loads into the browser, and into its server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from amlflow_jupyter._version import __version__
from amlflow_jupyter.doctor.finding import Finding, failure, ok, skipped, warning
from amlflow_jupyter.doctor.interpreter import is_importable
from amlflow_jupyter.doctor.subject import Subject

_OURS: Final = "amlflow"
# Without it JupyterLab shows no widget at all.
_WIDGETS: Final = "@jupyter-widgets/jupyterlab-manager"
_SERVER: Final = "amlflow_jupyter"


@dataclass(frozen=True)
class Extensions:
    """What JupyterLab would load.

    Attributes
    ----------
    versions
        Version of each installed extension by its name.
    disabled
        Names and patterns of extensions and plugins that are switched off.
    """

    versions: dict[str, str]
    disabled: tuple[str, ...]

    def is_disabled(self, name: str) -> bool:
        """Whether the extension is switched off as a whole; the rule is JupyterLab's."""
        return any(name == one or re.match(one, name) for one in self.disabled)

    def disabled_parts(self, name: str) -> list[str]:
        """Return the plugins of an extension that are switched off."""
        return [one for one in self.disabled if one.startswith(f"{name}:")]


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the extensions of JupyterLab and of its server."""
    if not is_importable("jupyterlab"):
        yield skipped("JupyterLab is not installed for this Python.")
        return
    broken = list(unreadable(subject))
    yield from broken
    if broken:  # nor can JupyterLab read them
        return
    extensions = installed_extensions()
    yield from labextension(subject, extensions, _OURS, f"amlflow-jupyter=={__version__}")
    yield from labextension(subject, extensions, _WIDGETS, "jupyterlab-widgets>=3")
    yield server_extension(subject)


def unreadable(subject: Subject) -> Iterator[Finding]:
    """Yield each configuration file of JupyterLab and its server that is no JSON."""
    for path in _configuration_files():
        try:
            json.loads(path.read_text(encoding="utf-8") or "{}")
        except (OSError, ValueError) as error:
            yield failure(
                f"Jupyter's configuration file {path} cannot be read: {error}.",
                subject.commands.remove_file(str(path)),
            )


def _configuration_files() -> Iterator[Path]:
    from jupyter_core.paths import jupyter_config_path
    from jupyterlab.commands import get_app_dir  # type: ignore[import-untyped]

    yield from Path(get_app_dir()).glob("settings/page_config.json")
    for folder in map(Path, jupyter_config_path()):
        yield from folder.glob("labconfig/page_config.json")
        yield from folder.glob("jupyter_server_config.json")
        yield from folder.glob("jupyter_server_config.d/*.json")


def installed_extensions(folders: list[str] | None = None) -> Extensions:
    """Return what JupyterLab finds in the folders that it looks in, or in these."""
    from jupyter_core.paths import jupyter_path
    from jupyterlab.commands import get_app_dir
    from jupyterlab_server.config import get_federated_extensions, get_page_config

    if folders is None:
        folders = jupyter_path("labextensions")
    found = get_federated_extensions(folders)
    page = get_page_config(folders, app_settings_dir=str(Path(get_app_dir()) / "settings"))
    versions = {name: str(data["version"]) for name, data in found.items()}
    return Extensions(versions, tuple(page.get("disabledExtensions", ())))


def labextension(
    subject: Subject, extensions: Extensions, name: str, requirement: str
) -> Iterator[Finding]:
    """Judge one extension of JupyterLab.

    Parameters
    ----------
    subject
        Says how commands are written.
    extensions
        What JupyterLab would load.
    name
        The extension.
    requirement
        The package that brings it.
    """
    version = extensions.versions.get(name)
    enable = subject.commands.module("jupyter", "labextension", "enable")
    if version is None:
        yield failure(
            f"JupyterLab has no extension {name}: its part of the views is missing.",
            subject.commands.install(requirement),
        )
    elif extensions.is_disabled(name):
        yield failure(f"The extension {name} is switched off in JupyterLab.", f"{enable} {name}")
    elif name == _OURS and version != __version__:
        yield failure(
            f"JupyterLab's extension {name} is of version {version}, the package of {__version__}.",
            subject.commands.install(requirement),
        )
    elif parts := extensions.disabled_parts(name):
        yield _parts(parts, enable)
    else:
        yield ok(f"JupyterLab's extension {name} {version} is installed and switched on.")


def _parts(parts: Iterable[str], enable: str) -> Finding:
    named = ", ".join(parts)
    return warning(f"Switched off in JupyterLab: {named}.", f"{enable} {' '.join(parts)}")


def server_extension(subject: Subject, folders: list[str] | None = None) -> Finding:
    """Judge the extension of Jupyter's server, which answers what the sidebar asks.

    Parameters
    ----------
    subject
        Says how commands are written.
    folders
        Where configuration lies; None takes where Jupyter looks.
    """
    from jupyter_core.paths import jupyter_config_path
    from jupyter_server.extension.config import ExtensionConfigManager

    enable = subject.commands.module("jupyter", "server", "extension", "enable", _SERVER)
    manager = ExtensionConfigManager(read_config_path=folders or jupyter_config_path())
    known = manager.get_jpserver_extensions()  # type: ignore[no-untyped-call]
    if _SERVER not in known:
        return failure("Jupyter's server does not know amlflow: the sidebar stays empty.", enable)
    if not known[_SERVER]:
        return failure("amlflow is switched off in Jupyter's server.", enable)
    problem = _import_problem()
    if problem:
        return failure(
            f"amlflow's part of Jupyter's server cannot be loaded: {problem}",
            subject.commands.install("jupyter-server>=2.14"),
        )
    return ok("amlflow's part of Jupyter's server is installed and switched on.")


def _import_problem() -> str | None:
    """Load it as the server does: what is broken is said only there, in a log."""
    from jupyter_server.extension.utils import validate_extension

    try:
        validate_extension(_SERVER)  # type: ignore[no-untyped-call]
    except Exception as error:  # whatever loading raises
        return f"{type(error).__name__}: {error}"
    return None

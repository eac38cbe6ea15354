"""What can be set, and where each value came from.

A value is looked up in this order: the argument given to a call, the environment
(``AMLFLOW_<NAME>``), the settings file (``settings.toml`` in the configuration folder), the
default.  :class:`Settings` is frozen: whoever needs other values makes another one with
:meth:`Settings.load`.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from amlflow_jupyter.errors import BadConfiguration

APP: Final = "amlflow"
_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})


def config_folder() -> Path:
    """Folder of profiles and settings: ``AMLFLOW_HOME``, else the user's configuration folder."""
    return _home() or _platform_folder("user_config_path")


def data_folder() -> Path:
    """Folder of what amlflow keeps for the user: ``AMLFLOW_HOME``, else the user's data folder."""
    return _home() or _platform_folder("user_data_path")


def private_folder(folder: Path) -> Path:
    """Make ``folder`` if it is not there, readable by its owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _home() -> Path | None:
    home = os.environ.get("AMLFLOW_HOME")
    return Path(home).expanduser().absolute() if home else None


def _platform_folder(which: str) -> Path:
    import platformdirs

    folder: Path = getattr(platformdirs, which)(APP, appauthor=False)
    return folder


@dataclass(frozen=True)
class Settings:
    """Everything that can be set outside a single call.

    Attributes
    ----------
    connect_timeout
        Seconds to wait for a server before saying that it is unreachable.
    sign_in_timeout
        Seconds that a person has for signing in to Azure, in a browser or with a device code.
    refresh_seconds
        Seconds between two drawings of the live view.
    journal
        Whether what is logged goes to a journal on this computer first.
    durability
        Of the journal: ``"normal"`` survives the death of the process, ``"full"`` also a power cut
        within the last second, at a thousand times the price.
    journal_limit
        Bytes of files that may wait to be sent.
    exit_timeout
        Seconds to deliver what is left when the process ends.
    origins
        For each name: ``"argument"``, the environment variable, the file's path, or ``"default"``.
    """

    connect_timeout: float = 5.0
    sign_in_timeout: float = 120.0
    refresh_seconds: float = 0.5
    journal: bool = True
    durability: str = "normal"
    journal_limit: int = 10_000_000_000
    exit_timeout: float = 10.0
    origins: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), compare=False)

    @classmethod
    def load(cls, **arguments: Any) -> Settings:
        """Look every setting up: ``arguments``, environment, file, default.

        Raises
        ------
        BadConfiguration
            The file is no TOML, or a value is of the wrong type or unknown.
        """
        path = config_folder() / "settings.toml"
        from_file = _read_file(path)
        known = {entry.name: entry.default for entry in fields(cls) if entry.name != "origins"}
        _refuse_unknown(from_file, known, path)
        values: dict[str, Any] = {}
        origins: dict[str, str] = {}
        for name, default in known.items():
            values[name], origins[name] = _look_up(name, default, arguments, from_file, path)
        return cls(**values, origins=MappingProxyType(origins))


def _look_up(
    name: str, default: Any, arguments: Mapping[str, Any], from_file: Mapping[str, Any], path: Path
) -> tuple[Any, str]:
    if arguments.get(name) is not None:
        return arguments[name], "argument"
    variable = f"AMLFLOW_{name.upper()}"
    if variable in os.environ:
        return _convert(os.environ[variable], default, variable), variable
    if name in from_file:
        return _convert(from_file[name], default, f"{name} in {path}"), str(path)
    return default, "default"


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BadConfiguration(
            f"{path} cannot be read ({error}): mend or remove it, and try again."
        ) from error


def _refuse_unknown(given: Mapping[str, Any], known: Mapping[str, Any], path: Path) -> None:
    for name in given:
        if name not in known:
            raise BadConfiguration(
                f"{path} sets {name!r}, which is not a setting: choose from {', '.join(known)}."
            )


def _convert(value: Any, default: Any, where: str) -> Any:
    """Turn ``value`` into the type of ``default``; a boolean may be written as a word."""
    kind = type(default)
    if kind is bool and isinstance(value, str) and value.lower() in _TRUE | _FALSE:
        return value.lower() in _TRUE
    try:
        return kind(value)
    except (TypeError, ValueError):
        raise BadConfiguration(
            f"{where} is {value!r}, but must be of type {kind.__name__}."
        ) from None

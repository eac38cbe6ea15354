"""Saved connections: a name for each, kept in the user's configuration folder, without secrets."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from amlflow_jupyter.errors import BadConfiguration, BadTarget
from amlflow_jupyter.settings import config_folder, private_folder

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Profile:
    """A connection with a name.

    Attributes
    ----------
    name
        1 to 64 letters, digits, dots, dashes and underscores.
    uri
        MLflow's tracking URI, without a secret.
    experiment
        The experiment that runs go to, if one was saved.
    default
        Whether ``%aml_connect`` without a target uses it. At most one profile is the default.
    auth, tenant
        How to sign in to an Azure ML workspace, and to which tenant, if that was given.
    """

    name: str
    uri: str
    experiment: str | None = None
    default: bool = False
    auth: str | None = None
    tenant: str | None = None


class Profiles:
    """The user's profiles, in one JSON file that the kernel and the sidebar share.

    Parameters
    ----------
    path
        The file; by default ``profiles.json`` in the configuration folder.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or config_folder() / "profiles.json"

    def all(self) -> list[Profile]:
        """All profiles by name.

        Raises
        ------
        BadConfiguration
            The file cannot be read.
        """
        try:
            document = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return []
        except (OSError, ValueError) as error:
            raise BadConfiguration(
                f"{self.path} cannot be read ({error}): mend or remove it, and try again."
            ) from error
        return sorted(self._parse(document), key=lambda profile: profile.name)

    def get(self, name: str) -> Profile | None:
        """Return the profile of that name, if there is one."""
        return next((profile for profile in self.all() if profile.name == name), None)

    def default(self) -> Profile | None:
        """Return the profile that ``%aml_connect`` without a target uses, if there is one."""
        return next((profile for profile in self.all() if profile.default), None)

    def save(self, profile: Profile) -> None:
        """Add ``profile``, or replace the one of its name.

        Raises
        ------
        BadTarget
            The name cannot be used as one.
        BadConfiguration
            The file cannot be read or written.
        """
        if not _NAME.fullmatch(profile.name):
            raise BadTarget(
                f"{profile.name!r} cannot be a profile's name: use up to 64 letters, digits, "
                "dots, dashes and underscores, beginning with a letter or digit."
            )
        others = [other for other in self.all() if other.name != profile.name]
        if profile.default:
            others = [replace(other, default=False) for other in others]
        self._write([*others, profile])

    def _parse(self, document: Any) -> list[Profile]:
        entries = document.get("profiles") if isinstance(document, Mapping) else None
        if not isinstance(entries, list):
            raise BadConfiguration(
                f'{self.path} must hold {{"profiles": [...]}}: mend or remove it, and try again.'
            )
        try:
            return [_checked(Profile(**entry)) for entry in entries]
        except TypeError as error:
            raise BadConfiguration(
                f"{self.path} holds a profile that cannot be read ({error}): mend or remove it."
            ) from error

    def _write(self, profiles: list[Profile]) -> None:
        entries = [asdict(entry) for entry in sorted(profiles, key=lambda entry: entry.name)]
        text = json.dumps({"profiles": entries}, indent=2)
        try:
            private_folder(self.path.parent)
            write_atomically(self.path, text)
        except OSError as error:
            raise BadConfiguration(
                f"The profile cannot be saved in {self.path} ({error.strerror}): make the folder "
                "writable, or set AMLFLOW_HOME to one that is."
            ) from error


def _checked(profile: Profile) -> Profile:
    """Refuse what a hand-written file may hold: a name is part of addresses in the browser."""
    if not isinstance(profile.name, str) or not _NAME.fullmatch(profile.name):
        raise TypeError(f"its name is {profile.name!r}")
    texts = (profile.experiment, profile.auth, profile.tenant)
    if not isinstance(profile.uri, str) or not all(isinstance(t, str | None) for t in texts):
        raise TypeError(f"uri, experiment, auth and tenant of {profile.name!r} must be text")
    return profile


def write_atomically(path: Path, text: str) -> None:
    """Write ``text`` so that a reader sees either the old file or the whole new one."""
    with NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}.", delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
    os.replace(file.name, path)  # noqa: PTH105 - the same on Windows, where rename() refuses

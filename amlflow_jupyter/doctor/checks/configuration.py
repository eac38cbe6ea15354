"""What the user has set and saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from amlflow_jupyter.doctor.finding import Finding, failure, ok
from amlflow_jupyter.doctor.subject import Subject
from amlflow_jupyter.errors import BadConfiguration
from amlflow_jupyter.settings import Settings, config_folder
from amlflow_jupyter.workspaces.profiles import Profiles


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the settings and at the saved profiles."""
    yield settings(subject)
    yield profiles(subject)


def settings(subject: Subject) -> Finding:
    """Judge the settings, wherever each comes from."""
    path = config_folder() / "settings.toml"
    try:
        found = Settings.load()
    except BadConfiguration as error:
        return failure(str(error), _mend(subject, path, str(error)))
    changed = {origin for origin in found.origins.values() if origin != "default"}
    where = f"some are set in {', '.join(sorted(changed))}" if changed else "all are defaults"
    return ok(f"The settings can be read; {where}.")


def profiles(subject: Subject) -> Finding:
    """Judge the saved profiles."""
    saved = Profiles()
    try:
        found = saved.all()
    except BadConfiguration as error:
        return failure(str(error), subject.commands.remove_file(str(saved.path)))
    default = next((f"; {one.name} is the default" for one in found if one.default), "")
    number = f"{len(found)} profile{'s' if len(found) != 1 else ''}" if found else "No profile"
    return ok(f"{number} saved in {saved.path}{default}.")


def _mend(subject: Subject, path: Path, sentence: str) -> str:
    """Return what takes away the value that is wrong: a variable's, or the file."""
    name = sentence.split(" ", 1)[0]
    if name.startswith("AMLFLOW_") and str(path) not in sentence:
        return subject.commands.unset_variables(name)
    return subject.commands.remove_file(str(path))

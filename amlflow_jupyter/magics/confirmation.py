"""Ask before something is lost."""

from __future__ import annotations

from IPython.core.error import StdinNotImplementedError, UsageError


def confirm(name: str, question: str, yes: bool) -> None:
    """Go on only if the user types ``name``, or has said yes already.

    Raises
    ------
    UsageError
        They typed something else, or cannot be asked here.
    """
    if yes:
        return
    try:
        answer = input(f"{question} Type {name} to go on: ")
    except (StdinNotImplementedError, EOFError):
        raise UsageError(
            f"Nobody can be asked here: add --yes if {name} is to be deleted."
        ) from None
    except KeyboardInterrupt:
        answer = ""
    if answer.strip() != name:
        raise UsageError(f"{name} was not typed: nothing was deleted.")

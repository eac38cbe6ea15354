"""``%aml_datastores``: list the workspace's datastores, and copy files to and from them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from IPython.core.error import UsageError
from IPython.core.magic_arguments import argument

from amlflow_jupyter.magics.actions import action, as_data, magic_with_actions
from amlflow_jupyter.magics.arguments import parse, usage_errors
from amlflow_jupyter.magics.listing import Listing, listed
from amlflow_jupyter.magics.output import Bundle
from amlflow_jupyter.magics.progress import Progress, interruptible
from amlflow_jupyter.widgets.amount import bytes_text
from amlflow_jupyter.widgets.card import card
from amlflow_jupyter.widgets.quantity import count_text
from amlflow_jupyter.widgets.table import Cell, Column, table

if TYPE_CHECKING:
    from amlflow_jupyter.magics.amlflow import AmlflowMagics
    from amlflow_jupyter.resources.datastores import Datastore
    from amlflow_jupyter.resources.storage import Storage
    from amlflow_jupyter.resources.transfer import Transfer

# Names that are written out where something was left out.
_NAMED: Final = 5
_NOT_BEGUN: Final = "Stopped before anything was copied."


@magic_with_actions("aml_datastores")
@as_data
@action("list", "List the datastores.")
@as_data
@action("default", "Show the default datastore, or make another the default for everybody.")
@argument("name", nargs="?", help="The datastore that becomes the default.")
@action("upload", "Upload a file, or what is in a folder.")
@argument("source", help="The file or folder.")
@argument(
    "--to",
    metavar="PATH",
    help="The remote folder that takes it. Without it, a file goes to the root, and what is in a "
    "folder to a folder of the same name.",
)
@argument("--datastore", metavar="NAME", help="Without it, the default one.")
@argument("--overwrite", action="store_true", help="Replace files that are there already.")
@action("download", "Download a file, or what is below a folder.")
@argument("path", help="The remote file or folder; / is everything.")
@argument(
    "--to",
    metavar="DIR",
    help="The folder that takes it; nothing is written outside of it. Without it, a file goes "
    "here, and what is in a folder to a folder of the same name.",
)
@argument("--datastore", metavar="NAME", help="Without it, the default one.")
@argument("--overwrite", action="store_true", help="Replace files that are there already.")
def aml_datastores(self: AmlflowMagics, line: str) -> Any:
    """List the datastores of the connected Azure ML workspace.

    Actions upload to and download from them, and choose the default one.
    """
    given = parse(aml_datastores, line)
    with usage_errors(), interruptible(_NOT_BEGUN):
        return _ACTIONS[given.action](self.shell, given)


def _list(shell: Any, given: Namespace) -> Any:
    from amlflow_jupyter.resources.datastores import datastores
    from amlflow_jupyter.session.api import workspace

    def read() -> Sequence[Datastore]:
        return datastores(workspace())

    return listed(shell, given, Listing("Asking for datastores …", read, _table))


def _default(shell: Any, given: Namespace) -> None:
    from amlflow_jupyter.resources.datastores import find, make_default
    from amlflow_jupyter.session.api import workspace

    with Progress(shell, "Asking for the default datastore …") as progress:
        core = workspace()
        if given.name:
            make_default(core, given.name)
        name = find(core, None).name
        progress.done(card(f"The default datastore is {name}", []))


def _upload(shell: Any, given: Namespace) -> None:
    from amlflow_jupyter.resources.transfer import upload

    source = Path(given.source).expanduser()
    with Progress(shell, f"Uploading {source.name} …") as progress:
        name, storage = _storage(given.datastore)
        with _explained(f"{given.source} cannot be uploaded"):
            transfer, where = upload(
                storage, source, given.to, given.overwrite, _teller(progress, "Uploading")
            )
        _finish(progress, transfer, "uploaded", f"{name}/{where}".rstrip("/"))


def _download(shell: Any, given: Namespace) -> None:
    from amlflow_jupyter.resources.places import remote_path
    from amlflow_jupyter.resources.transfer import download, is_file

    path = remote_path(given.path)
    begun = f"Downloading {path or 'everything'} …"
    with Progress(shell, begun) as progress:
        name, storage = _storage(given.datastore)
        with _explained(f"{given.path} cannot be downloaded"):
            alone = is_file(storage, path)
            to = Path(given.to).expanduser() if given.to else _own_folder(path, name, alone)
            transfer = download(
                storage, path, to, given.overwrite, _teller(progress, "Downloading")
            )
        _finish(progress, transfer, "downloaded", str(to))


def _own_folder(path: str, datastore: str, alone: bool) -> Path:
    """Return the folder that takes what no folder was named for."""
    return Path() if alone else Path(path.rpartition("/")[2] or datastore)


def _storage(datastore: str | None) -> tuple[str, Storage]:
    """Return a datastore's name, and its files."""
    from amlflow_jupyter.resources.choosing import identity
    from amlflow_jupyter.resources.datastores import find
    from amlflow_jupyter.resources.storage import storage_of
    from amlflow_jupyter.session.api import workspace
    from amlflow_jupyter.session.session import current

    found = find(workspace(), datastore)
    signed_in = identity(current().workspace)
    return found.name, storage_of(found, signed_in.credential if signed_in else None)


def _teller(progress: Progress, doing: str) -> Callable[[Transfer], None]:
    def tell(transfer: Transfer) -> None:
        files = f"{transfer.done:,} of {count_text(transfer.files, 'file')}"
        size = f"{bytes_text(transfer.moved)} of {bytes_text(transfer.size)}"
        part = transfer.moved / transfer.size if transfer.size else None
        progress.tell(f"{doing}: {files}, {size}", part)

    return tell


def _finish(progress: Progress, transfer: Transfer, done: str, where: str) -> None:
    """Show what came of a transfer.

    Raises
    ------
    UsageError
        It did not come to its end.
    """
    notes = _notes(transfer)
    counted = f"{count_text(transfer.done, 'file')}, {bytes_text(transfer.moved)}, {done}"
    if transfer.failed or transfer.interrupted:
        part = f"{transfer.done:,} of {count_text(transfer.files, 'file')} {done}"
        progress.done(card(part, [("Where", where)], notes=notes))
        raise UsageError(_unfinished(transfer))
    progress.done(card(counted, [("Where", where)], notes=notes))


def _notes(transfer: Transfer) -> list[str]:
    notes = []
    if transfer.there:
        there = count_text(transfer.there, "file")
        notes.append(f"Already there, and left alone: {there}. --overwrite replaces them.")
    if transfer.refused:
        named = ", ".join(transfer.refused[:_NAMED])
        more = f" and {len(transfer.refused) - _NAMED:,} more" if transfer.refused[_NAMED:] else ""
        notes.append(f"Not written, for their names do not fit in the folder: {named}{more}.")
    return notes


def _unfinished(transfer: Transfer) -> str:
    again = "Run the line again to go on: what is there already is left out."
    if transfer.failed:
        name, reason = transfer.failed
        return f"{name}: {reason}. {again}".replace("..", ".")
    return f"Stopped. {again}"


@contextmanager
def _explained(doing: str) -> Iterator[None]:
    from amlflow_jupyter.resources.failures import translated
    from amlflow_jupyter.resources.quiet import quiet

    with translated(doing), quiet():
        yield


def _table(found: Sequence[Datastore]) -> Bundle:
    columns = (
        Column("name"),
        Column("kind"),
        Column("account"),
        Column("container"),
        Column("access by"),
    )
    rows = [
        (
            Cell(one.name, mark="●" if one.default else "", colour="#0072B2"),
            one.kind,
            one.account or "",
            one.container or "",
            one.sign_in or "",
        )
        for one in found
    ]
    default = ["● is the default one."] if any(one.default for one in found) else []
    return table("Datastores", columns, rows, default if found else ["There are none."])


_ACTIONS: Final[dict[str | None, Callable[[Any, Namespace], Any]]] = {
    None: _list,
    "list": _list,
    "default": _default,
    "upload": _upload,
    "download": _download,
}

"""Let the stores that MLflow builds do more, at the addresses that they have.

MLflow finds what builds a store by the scheme of its address. :func:`install` puts builders in
their place that call those and put mixins in front of what they built; :func:`uninstall` takes all
of it back. For Azure Machine Learning, MLflow's plugins do it by installation alone
(:mod:`amlflow_jupyter.tracking.plugin`).
"""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from importlib import import_module
from typing import Any, Final

from amlflow_jupyter.tracking import internals, reclassing
from amlflow_jupyter.tracking.internals import Kind
from amlflow_jupyter.tracking.saying import say_once

_HERE: Final = "amlflow_jupyter.tracking"
_MLFLOW2: Final = f"{_HERE}.mlflow2.store:Mlflow2Store"
_MLFLOW2_REGISTRY: Final = f"{_HERE}.mlflow2.registry:Mlflow2Registry"
_LIMITED: Final = f"{_HERE}.limited:LimitedStore"
_RENEWING: Final = f"{_HERE}.renewing:RenewingStore"
_JOURNALED: Final = f"{_HERE}.journaled:JournaledStore"
_NAMES: Final = f"{_HERE}.experiment_names:AzureExperimentNames"

# Stores that need nothing but the journal: databases, folders, Databricks.
_PLAIN: Final = ("", "databricks", "file", "mssql", "mysql", "postgresql", "sqlite")

# What stands in front of a store, the foremost first; imported when the first one is built. What is
# no class is called with what was built.
MIXINS: Final[dict[Kind, dict[str, tuple[str, ...]]]] = {
    "tracking": {
        "azureml": (_NAMES, _MLFLOW2, _JOURNALED, _LIMITED, _RENEWING),
        "http": (_MLFLOW2, _JOURNALED),
        "https": (_MLFLOW2, _JOURNALED),
        **dict.fromkeys(_PLAIN, (_JOURNALED,)),
    },
    "registry": {
        "azureml": (_MLFLOW2_REGISTRY, _RENEWING),
        "http": (_MLFLOW2_REGISTRY,),
        "https": (_MLFLOW2_REGISTRY,),
    },
    "artifacts": {
        "azureml": (
            f"{_HERE}.azure_artifacts:AzureArtifacts",
            f"{_HERE}.renewing:renewing_artifacts",
        ),
        "runs": (f"{_HERE}.mlflow2.artifacts:RunsOfMlflow2",),
    },
}

_MARK: Final = "_amlflow_builds"
_replaced: Final[list[tuple[Kind, str, Any]]] = []
_built: Final[weakref.WeakSet[Any]] = weakref.WeakSet()


def install() -> None:
    """Let MLflow build stores with our mixins, from now on; twice is as good as once.

    Where MLflow is not as it was read, a warning says so and MLflow stays as it is. MLflow 2 needs
    none of it.
    """
    if not internals.is_mlflow_3():
        return
    if not internals.stores_are_as_read():
        say_once(
            "This version of MLflow is not one that amlflow knows: models and traces can be logged "
            "only to servers of MLflow 3. Update amlflow-jupyter."
        )
        return
    changed = False
    for kind, schemes in MIXINS.items():
        builders = internals.store_builders(kind)
        for scheme in schemes:
            builder = builders.get(scheme)
            if builder is not None and not is_ours(builder):
                _replaced.append((kind, scheme, builder))
                builders[scheme] = reclassing_builder(builder, kind, scheme, _built.add)
                changed = True
    if changed:
        internals.forget_built_stores()


def uninstall() -> None:
    """Take back what :func:`install` did: builders, and the classes of what they built."""
    if not _replaced:
        return
    for kind, scheme, builder in _replaced:
        builders = internals.store_builders(kind)
        if is_ours(builders.get(scheme)):
            builders[scheme] = builder
    _replaced.clear()
    for thing in list(_built):
        reclassing.remove(thing, *reclassing.mixins_of(thing))
        vars(thing).pop("amlflow_uri", None)
    _built.clear()
    internals.forget_built_stores()


def is_installed() -> bool:
    """Whether :func:`install` has put builders in place."""
    return bool(_replaced)


def is_ours(builder: Any) -> bool:
    """Whether a builder puts our mixins in front of what it builds."""
    return hasattr(builder, _MARK)


def marked(builder: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a builder as one of ours, which nothing needs to be put in the place of."""
    setattr(builder, _MARK, True)
    return builder


def reclassing_builder(
    builder: Callable[..., Any],
    kind: Kind,
    scheme: str,
    built: Callable[[Any], object] = lambda _: None,
) -> Callable[..., Any]:
    """Return a builder that puts the mixins of ``scheme`` in front of what ``builder`` builds.

    Parameters
    ----------
    built
        Called with everything that is built.
    """

    @wraps(builder)
    def build(*args: Any, **kwargs: Any) -> Any:
        if not internals.is_mlflow_3():
            return builder(*args, **_accepted(builder, kwargs))
        with _prepared(kind, scheme, args, kwargs):
            thing = builder(*args, **_accepted(builder, kwargs))
        _complete(thing, kind, scheme)
        if kind == "tracking":
            thing.amlflow_uri = kwargs.get("store_uri")
        built(thing)
        return thing

    return marked(build)


def _prepared(
    kind: Kind, scheme: str, given: tuple[Any, ...], options: dict[str, Any]
) -> AbstractContextManager[None]:
    if scheme != "azureml":
        return nullcontext()
    from amlflow_jupyter.tracking import azure_building

    return azure_building.prepared(kind, given, options)


def _complete(thing: Any, kind: Kind, scheme: str) -> None:
    """Put the mixins of ``scheme`` in front of the class of ``thing``."""
    speaks = kind == "artifacts" or scheme in _PLAIN or hasattr(thing, "get_host_creds")
    if not speaks:
        return  # a store of someone else's that speaks to no MLflow server
    try:
        parts = [_load(name) for name in MIXINS[kind][scheme]]
        reclassing.add(thing, *(part for part in parts if isinstance(part, type)))
        for part in parts:
            if not isinstance(part, type):
                part(thing)
    except (ImportError, AttributeError, TypeError) as error:
        say_once(
            f"What MLflow built for {scheme} is left as it is, because amlflow does not fit it "
            f"({error}): install the versions that amlflow-jupyter asks for."
        )


def _accepted(builder: Callable[..., Any], options: dict[str, Any]) -> dict[str, Any]:
    """Return those options that a builder takes: an older plugin's takes less than MLflow gives."""
    parameters = inspect.signature(builder).parameters
    if any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values()):
        return options
    return {name: value for name, value in options.items() if name in parameters}


def _load(name: str) -> Any:
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)

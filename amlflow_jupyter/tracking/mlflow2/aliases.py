"""Aliases of registered models, kept as tags where the registry has no endpoints for them.

The tag of the registered model is what counts. A second tag, of the version, shows it there without
a further request.
"""

from __future__ import annotations

from typing import Any, Final

from amlflow_jupyter.tracking import internals

_PREFIX: Final = "amlflow.alias."


def set_alias(server: Any, name: str, alias: str, version: str) -> None:
    """Let an alias mean a version.

    Parameters
    ----------
    server
        What answers with MLflow 2's methods of a registry.

    Raises
    ------
    MlflowException
        There is no such version.
    """
    from mlflow.entities.model_registry import ModelVersionTag, RegisteredModelTag

    server.get_model_version(name, version)  # an alias of nothing is refused
    before = _meant(server, name, alias)
    server.set_registered_model_tag(name, RegisteredModelTag(_PREFIX + alias, str(version)))
    server.set_model_version_tag(name, version, ModelVersionTag(_PREFIX + alias, "1"))
    if before not in (None, str(version)):
        _forget_on_version(server, name, str(before), alias)


def delete_alias(server: Any, name: str, alias: str) -> None:
    """Let an alias mean nothing any more."""
    before = _meant(server, name, alias)
    if before is not None:
        server.delete_registered_model_tag(name, _PREFIX + alias)
        _forget_on_version(server, name, before, alias)


def find(server: Any, name: str, alias: str) -> str:
    """Return the version that an alias means.

    Raises
    ------
    MlflowException
        There is no such alias.
    """
    from mlflow.exceptions import MlflowException

    version = _meant(server, name, alias)
    if version is None:
        raise MlflowException.invalid_parameter_value(f"Registered model alias {alias} not found.")
    return version


def shown_on_model(model: Any) -> Any:
    """Return a registered model whose tags of aliases are its aliases."""
    model.aliases.update(_taken(model))
    return model


def shown_on_version(version: Any) -> Any:
    """Return a version whose tags of aliases are its aliases."""
    version.aliases.extend(alias for alias in _taken(version) if alias not in version.aliases)
    return version


def _taken(entity: Any) -> dict[str, str]:
    """Take the aliases out of the tags of a model or a version."""
    tags = internals.registered_tags(entity)
    keys = [key for key in tags if key.startswith(_PREFIX)]
    return {key.removeprefix(_PREFIX): tags.pop(key) for key in keys}


def _meant(server: Any, name: str, alias: str) -> str | None:
    version: str | None = server.get_registered_model(name).tags.get(_PREFIX + alias)
    return version


def _forget_on_version(server: Any, name: str, version: str, alias: str) -> None:
    from mlflow.exceptions import MlflowException

    try:
        server.delete_model_version_tag(name, version, _PREFIX + alias)
    except MlflowException:  # the version is gone
        return

"""A model registry whose server knows no logged models, and perhaps no aliases."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from amlflow_jupyter.tracking import internals
from amlflow_jupyter.tracking.mlflow2 import aliases, sources
from amlflow_jupyter.tracking.mlflow2.presence import is_missing_endpoint

if TYPE_CHECKING:
    from mlflow.store.model_registry.rest_store import RestStore as Store
else:
    Store = object

# The logged model that a version was made from, for clients that ask the version for it.
_MODEL_ID: Final = "amlflow.model_id"


class Mlflow2Registry(Store):
    """Mixed in before a store of registered models that speaks to a server."""

    def create_model_version(
        self,
        name: str,
        source: str,
        run_id: str | None = None,
        tags: list[Any] | None = None,
        run_link: str | None = None,
        description: str | None = None,
        local_model_path: str | None = None,
        model_id: str | None = None,
    ) -> Any:
        """Register a model: the server is told where its files are, and which run made it."""
        from mlflow.entities.model_registry import ModelVersionTag

        found = sources.resolve(source, run_id, internals.current_store())
        if found is not None:
            source, run_id, kept_id = found
            extra = [ModelVersionTag(_MODEL_ID, kept_id)] if kept_id else []
            tags, model_id = [*(tags or ()), *extra], None
        options = {"local_model_path": local_model_path, "model_id": model_id}
        version = super().create_model_version(
            name, source, run_id, tags, run_link, description, **options
        )
        return _completed(version)

    def get_model_version(self, name: str, version: str) -> Any:
        """Return a version, with its logged model and its aliases."""
        return _completed(super().get_model_version(name, version))

    def get_latest_versions(self, *args: Any, **kwargs: Any) -> Any:
        """Return the latest versions, with their logged models and their aliases."""
        return [_completed(version) for version in super().get_latest_versions(*args, **kwargs)]

    def search_model_versions(self, *args: Any, **kwargs: Any) -> Any:
        """Return versions, with their logged models and their aliases."""
        found = super().search_model_versions(*args, **kwargs)
        found[:] = [_completed(version) for version in found]
        return found

    def get_registered_model(self, name: str) -> Any:
        """Return a registered model, with its aliases."""
        return aliases.shown_on_model(super().get_registered_model(name))

    def search_registered_models(self, *args: Any, **kwargs: Any) -> Any:
        """Return registered models, with their aliases."""
        found = super().search_registered_models(*args, **kwargs)
        found[:] = [aliases.shown_on_model(model) for model in found]
        return found

    def set_registered_model_alias(self, name: str, alias: str, version: str) -> None:
        """Give a version another name, which no other version of the model has then."""
        _either(
            partial(super().set_registered_model_alias, name, alias, version),
            partial(aliases.set_alias, super(), name, alias, version),
        )

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Take an alias away."""
        _either(
            partial(super().delete_registered_model_alias, name, alias),
            partial(aliases.delete_alias, super(), name, alias),
        )

    def get_model_version_by_alias(self, name: str, alias: str) -> Any:
        """Return the version that an alias means."""
        server: Any = super()

        def kept() -> Any:
            return server.get_model_version(name, aliases.find(server, name, alias))

        return _completed(_either(partial(server.get_model_version_by_alias, name, alias), kept))


def _either(theirs: Callable[[], Any], ours: Callable[[], Any]) -> Any:
    """Let the server answer, or answer for it where it has no endpoint for that."""
    try:
        return theirs()
    except Exception as error:
        if not is_missing_endpoint(error):
            raise
    return ours()


def _completed(version: Any) -> Any:
    """Return a version with its logged model and its aliases, which are kept as its tags."""
    model_id = internals.registered_tags(version).pop(_MODEL_ID, None)
    if model_id and not version.model_id:
        internals.set_version_model(version, model_id)
    return aliases.shown_on_version(version)

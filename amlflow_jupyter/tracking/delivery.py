"""Open the store at a URI for delivery: one of its own, which knows no journal."""

from __future__ import annotations

from amlflow_jupyter.journal.limits import Limits
from amlflow_jupyter.journal.target import Target
from amlflow_jupyter.tracking import internals, reclassing
from amlflow_jupyter.tracking.limits import AZURE
from amlflow_jupyter.tracking.rest_target import RestTarget
from amlflow_jupyter.tracking.store_target import StoreTarget


def open_target(uri: str) -> Target:
    """Open the store at ``uri``.

    Raises
    ------
    MlflowException
        There is no such store.
    """
    from mlflow.store.tracking.rest_store import RestStore
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    from amlflow_jupyter.tracking.journaled import JournaledStore

    store = internals.new_store(uri)
    reclassing.remove(store, JournaledStore)  # what it is sent comes from the journal
    if not isinstance(store, RestStore):
        return StoreTarget(store, uri, rejects_duplicates=isinstance(store, SqlAlchemyStore))
    if uri.startswith("azureml"):
        limits = Limits(AZURE.metrics, AZURE.params, AZURE.tags, AZURE.values)
        return RestTarget(store, uri, limits, AZURE.history_page)
    return RestTarget(store, uri)

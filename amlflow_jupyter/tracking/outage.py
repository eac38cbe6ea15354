"""Tell a server that is gone, or that nobody is signed in to, from one that refuses."""

from __future__ import annotations

from amlflow_jupyter.errors import ConnectionFailed


def is_outage(error: BaseException) -> bool:
    """Whether a request did not get through, or not for who is signed in.

    Of the former MLflow says so in these words, and by this class; the latter is ours.
    """
    from mlflow.exceptions import MlflowException, RestException

    if isinstance(error.__cause__, ConnectionFailed):
        return True
    return (
        isinstance(error, MlflowException)
        and not isinstance(error, RestException)
        and "API request to" in str(error)
    )


def reason(error: BaseException) -> str:
    """Return why there is an outage: what to do about a sign-in, for instance."""
    if isinstance(error.__cause__, ConnectionFailed):
        return str(error.__cause__).rstrip(".")
    # MLflow's own words for it are a paragraph about connection pools.
    return "the server cannot be reached"

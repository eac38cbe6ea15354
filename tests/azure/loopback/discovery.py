"""The discovery endpoint: where the services of a workspace's region are."""

from __future__ import annotations

from loopback.calls import Call


def services(call: Call) -> dict[str, str]:
    """Return the address of each service, as Azure's names for the region asked."""
    region = (call.request.headers["host"]).partition(".")[0]
    api = f"https://{region}.api.azureml.ms"
    return {
        "api": api,
        "catalog": "https://catalog.cortanaanalytics.com",
        "experimentation": api,
        "gallery": "https://gallery.cortanaintelligence.com/project",
        "history": api,
        "hyperdrive": api,
        "labeling": api,
        "modelmanagement": api,
        "pipelines": api,
        "studio": "https://ml.azure.com",
    }

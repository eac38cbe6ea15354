"""The calls that fail without amlflow today: mlflow 3.15 and azureml-mlflow 1.62 on Azure ML.

Each with the families of MLflow endpoints that the service answered with 404 and an empty body
while the call ran.
"""

from __future__ import annotations

TODAY: dict[str, tuple[str, ...]] = {}

"""Where runs can go: a local store, an MLflow server, Databricks, an Azure ML workspace."""

"""How runs meet MLflow: opened, joined, watched and ended."""

"""``amlflow demo``: the demo notebooks in a JupyterLab of their own, or checked without one."""

"""The Jupyter server extension: what the sidebar asks for runs.

The browser sends a connection's name; addresses and credentials stay here.  ``handlers`` speak HTTP
and nothing else, ``service`` knows nothing of HTTP, ``workers`` keep MLflow off the event loop.
"""

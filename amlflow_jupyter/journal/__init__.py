"""The journal: what was logged is on disk before the call returns, and is delivered behind it.

MLflow's stores do not log through it yet: so far the room stands on its own.
"""

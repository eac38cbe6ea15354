"""The journal: what was logged is on disk before the call returns, and is delivered behind it."""

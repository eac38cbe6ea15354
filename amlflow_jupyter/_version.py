"""The version, where both the package and its parts read it."""

from importlib.metadata import version

__version__ = version("amlflow-jupyter")

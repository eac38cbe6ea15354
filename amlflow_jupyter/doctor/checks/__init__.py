"""The checks, a few to a file, and the list of them in :mod:`.catalogue`."""

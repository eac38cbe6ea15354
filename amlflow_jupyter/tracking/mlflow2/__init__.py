"""MLflow 3 on a server that speaks MLflow 2.

A client of MLflow 3 logs models and traces through endpoints that such a server does not have:
Azure Machine Learning answers them with status 404. What they would hold is kept in the run that
it belongs to instead, in its artifacts and in a few of its tags, where any client of MLflow 2 finds
an ordinary model, and where this package finds the rest from every process and computer.
"""

"""Azure Machine Learning: which workspace is meant, who signs in, and what it answers.

Nothing of Azure's own packages is imported before it is needed.
"""

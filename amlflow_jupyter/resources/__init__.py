"""What a workspace holds beside runs: its details, datastores and compute, and lists of the rest.

Everything about Azure ML goes through azureml-core's ``Workspace`` of the session, which callers
hand in; azureml-core is imported inside functions.  Nothing here draws or prints: records come
back, and the magics show them.
"""

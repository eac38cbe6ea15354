"""What is shown in a notebook: the live view of a run, its static result, small cards.

Nothing here knows where a run is stored: drawing reads a
:class:`~amlflow_jupyter.widgets.series.SeriesSource` and a
:class:`~amlflow_jupyter.widgets.run_state.RunState`.  The modules are imported by name, so that
showing a card loads neither numpy nor ipywidgets.
"""

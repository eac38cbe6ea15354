"""The extension's application: what Jupyter Server loads and stops."""

from __future__ import annotations

from jupyter_server.extension.application import ExtensionApp
from traitlets import Float

from amlflow_jupyter.server.handlers import ROUTES
from amlflow_jupyter.server.service import Service
from amlflow_jupyter.server.workers import Workers


class AmlflowApp(ExtensionApp):
    """Runs of the tracking stores that the user's profiles and kernels know, for the sidebar."""

    name = "amlflow"

    deadline = Float(
        15.0,
        min=0.1,
        help="Seconds that a tracking store has to answer before the sidebar is told so.",
    ).tag(config=True)

    def initialize_settings(self) -> None:
        """Make what the handlers share."""
        self.workers = Workers(self.deadline)
        self.settings.update(amlflow_service=Service(), amlflow_workers=self.workers)

    def initialize_handlers(self) -> None:
        """Register the routes of ``rest-api.yml``."""
        self.handlers.extend(ROUTES)

    async def stop_extension(self) -> None:
        """Let go of the threads; a store that still hangs is not waited for."""
        self.workers.close()

"""rest-api.yml is what is served; the other tests hold each answer against it."""

import re

from amlflow_jupyter.server.handlers import ROUTES


def test_every_route_is_documented_and_every_documented_one_is_there(rest_api):
    documented = {
        re.sub(r"{\w+}", "([^/]+)", path): set(verbs) - {"parameters"}
        for path, verbs in rest_api["paths"].items()
    }
    served = {
        pattern: {
            verb for verb in ("get", "post", "put", "patch", "delete") if verb in vars(handler)
        }
        for pattern, handler in ROUTES
    }
    assert served == documented

"""The rules of detect-secrets that suit notebooks.

Its plugins' patterns are used by themselves: its scanner reads settings that are global to the
process, and looks at each line with each plugin, which takes minutes for a long log.

Left out on purpose: the entropy plugins (hashes, ids and base64 images are no secrets, and data
science is full of them), basic-auth, JWT, npm, private-key and Azure storage key (what they match
is more or less than the secret: see ``formats``), and Artifactory, Discord, IBM, Softlayer,
Cloudant, Telegram and Twilio (short patterns without a mark of their own, that match hashes and
model names).
"""

from __future__ import annotations

import re
from functools import partial
from importlib import import_module
from typing import Final

from amlflow_jupyter.capture.secrets.plausible import is_secret_value, name_of
from amlflow_jupyter.capture.secrets.rule import Rule

# Plugin module, class, what the text must hold, the group that is the secret in all its patterns.
_PLUGINS: Final = (
    ("aws", "AWSKeyDetector", ("akia", "asia", "abia", "acca", "a3t", "aws"), 1),
    ("github_token", "GitHubTokenDetector", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), 0),
    ("gitlab_token", "GitLabTokenDetector", ("gl", "gr1348941"), 0),
    ("mailchimp", "MailchimpDetector", ("-us",), 0),
    ("openai", "OpenAIDetector", ("t3blbkfj",), 0),
    ("pypi_token", "PypiTokenDetector", ("pypi-ag",), 0),
    ("sendgrid", "SendGridDetector", ("sg.",), 0),
    ("slack", "SlackDetector", ("xox", "hooks.slack.com"), 0),
    ("square_oauth", "SquareOAuthDetector", ("sq0csp-",), 0),
    ("stripe", "StripeDetector", ("k_live_",), 0),
)
_KEYWORD_MARKERS: Final = (
    *("apikey", "api_key", "authkey", "auth_key", "servicekey", "service_key", "accountkey"),
    *("account_key", "dbkey", "db_key", "databasekey", "database_key", "privkey", "priv_key"),
    *("privatekey", "private_key", "clientkey", "client_key", "dbpass", "db_pass"),
    *("databasepass", "database_pass", "keypass", "key_pass", "password", "passwd", "pwd"),
    *("secret", "contraseña", "contrasena"),
)


def detector_rules() -> list[Rule]:
    """Return the rules; importing detect-secrets takes a tenth of a second."""
    rules: list[Rule] = []
    for module, plugin, markers, group in _PLUGINS:
        detector = getattr(import_module(f"detect_secrets.plugins.{module}"), plugin)
        rules += [Rule(markers, one, min(group, one.groups)) for one in detector.denylist]
    return rules + _keyword_rules()


def _keyword_rules() -> list[Rule]:
    """Return the rules for values given, in quotes, to names such as ``password``."""
    from detect_secrets.plugins import keyword

    groups: dict[re.Pattern[str], int] = keyword.QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP
    return [
        Rule(_KEYWORD_MARKERS, _bounded(pattern), group, partial(_is_given, group))
        for pattern, group in groups.items()
        if pattern is not keyword.FOLLOWED_BY_QUOTES_AND_SEMICOLON_REGEX  # is C, not Python
    ]


def _bounded(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """Return a pattern whose names and gaps have an end: ``pwdpwdpwd…`` would take hours."""
    text = pattern.pattern.replace(r"\w*", r"\w{0,40}").replace(r"\s*", r"\s{0,20}")
    return re.compile(text, pattern.flags)


def _is_given(group: int, match: re.Match[str]) -> bool:
    """Whether a match gives a value to a name; ``getpass("Password: ", "x")`` does not."""
    return is_secret_value(name_of(match), match[group])

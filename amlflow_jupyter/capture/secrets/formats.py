"""Secrets of Azure, of machine-learning services, and in common notations."""

from __future__ import annotations

import re
from typing import Final

from amlflow_jupyter.capture.secrets.plausible import (
    has_digit,
    is_mixed,
    is_secret_value,
    is_template,
    name_of,
)
from amlflow_jupyter.capture.secrets.rule import Accept, Rule, always

_I: Final = re.IGNORECASE
# Names that detect-secrets does not know. A bare "key" or "token" is ordinary code.
_NAMES: Final = re.compile(
    r"(?:(?:access|auth|refresh|bearer|api|id|session|sas|hf|hugging_?face|hub|git(?:hub|lab)?|pat|"
    r"slack|databricks|azure|aml|user|bot|wandb|mlflow|jwt|oauth|secret|security|csrf|app|"
    r"personal_?access)[_-]?token|(?:subscription|storage|shared_?access|access|encryption|"
    r"signing|master|primary|secondary|function|admin|wandb|sas|openai|shared)[_-]?key|"
    r"connection[_-]?string|conn[_-]?str)",
    _I,
)
_LONG: Final = 16  # characters, that tell a key from a word


def _long(match: re.Match[str]) -> bool:
    name, value = name_of(match), match["value"]
    enough = len(value) >= _LONG and has_digit(value) and _NAMES.search(name) is not None
    return enough and is_secret_value(name, value)


def _has_digit(match: re.Match[str]) -> bool:
    return has_digit(match["value"])


def _given(match: re.Match[str]) -> bool:
    return is_secret_value(name_of(match), match["value"])


def _not_template(match: re.Match[str]) -> bool:
    return not is_template(match["value"])


def _env_value(match: re.Match[str]) -> bool:
    """Whether ``NAME=value`` gives a text, not the value of an expression."""
    value = match["value"]
    expression = re.search(r"[(\[]", value) or re.fullmatch(r"[A-Za-z_]+(\.[A-Za-z_]+)+", value)
    return expression is None and is_secret_value(match["name"], value)


def _rule(markers: str, pattern: str, accept: Accept | None = None, flags: int = 0) -> Rule:
    """Return a rule; ``markers`` are parted by blanks, the group ``value`` is the secret."""
    compiled = re.compile(pattern, flags)
    group = compiled.groupindex.get("value", 0)
    return Rule(tuple(markers.split()), compiled, group, accept or always)


FORMATS: Final = (
    # Azure: shared access signatures, connection strings of Storage, Service Bus, Cosmos, SQL.
    _rule("sig=", r"(?<![\w-])sig=(?P<value>[A-Za-z0-9%+/=_-]{16,})", _has_digit, _I),
    _rule(
        "accountkey= sharedaccesskey= sharedaccesssignature= accesskey= sharedsecret=",
        r"(?:Account|SharedAccess|Access)(?:Key|Signature)=(?P<value>[^;'\"\s<>{}]{16,})",
        flags=_I,
    ),
    _rule(
        "password= pwd=",
        r"(?<=;)\s*(?:Password|Pwd)\s*=\s*(?P<value>[^;'\"\s]+)",
        _not_template,
        _I,
    ),
    # 64 bytes as base64: keys of Storage and Cosmos. An integrity hash says that it is one.
    _rule("==", r"(?<![A-Za-z0-9+/=-])[A-Za-z0-9+/]{86}==(?![A-Za-z0-9+/=])"),
    _rule("q~", r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])"),  # an Entra client secret
    # Services.
    _rule("dapi", r"\bdapi[0-9a-f]{32}(?:-\d)?\b"),
    _rule("hf_ api_org_", r"\b(?:hf|api_org)_[A-Za-z0-9]{30,}\b"),
    _rule("github_pat_", r"\bgithub_pat_\w{22,}\b"),
    _rule(
        "sk-", r"(?<![\w-])sk-(?:[a-z0-9]+-){0,3}(?P<value>[\w-]{20,})", lambda m: is_mixed(m[0])
    ),
    _rule("wandb", r"wandb.{0,60}?\bkey\s*[=:]\s*['\"](?P<value>[0-9a-f]{40})['\"]", flags=_I),
    _rule("_authtoken", r"_authToken\s{0,9}=\s{0,9}(?P<value>[^\s'\"]{8,})", _not_template, _I),
    # Notations.
    _rule("eyj", r"\beyJ[\w-]{8,}={0,2}\.eyJ[\w-]{8,}={0,2}(?:\.[\w-]*)?"),  # a JSON web token
    _rule("bearer", r"\bbearer\s+(?P<value>[\w\-.~+/]{16,}=*)", _has_digit, _I),
    _rule(
        "authorization",
        r"\bauthorization['\"]?\s*[:=]\s*['\"]?(?:basic|token)\s+(?P<value>[\w\-.~+/]{8,}=*)",
        flags=_I,
    ),
    _rule(
        "://",
        r"(?<![a-z0-9])[a-z][a-z0-9+.-]{1,20}://[^\s:@/'\"<>]*:(?P<value>[^\s@/'\"<>]+)@",
        _not_template,
        _I,
    ),
    _rule("://", r"https?://(?P<value>[\w-]{20,})@", _has_digit, _I),
    # Given to a name: in quotes, as NAME=value of a shell, as a flag.
    _rule(
        "token key string conn",
        r"(?:token|key|string|str)\w{0,40}['\"]?\]?\s*[:=]\s*[rbuf]?(['\"])(?P<value>[^'\"\n]+)\1",
        _long,
        _I,
    ),
    # detect-secrets passes over values that begin with neither a letter nor a digit.
    _rule(
        "password passwd pwd secret key",
        r"(?:password|passwd|pwd|secret|(?:api|private|account|auth|client)_?key)\w{0,40}['\"]?\]?\s*"
        r"[:=]\s*[rbuf]?(['\"])(?P<value>[^\w\s'\"\\][^'\"\n]{5,})\1",
        _given,
        _I,
    ),
    _rule(
        "passphrase pass_phrase",
        r"pass_?phrase\w{0,40}['\"]?\]?\s*[:=]\s*(['\"])(?P<value>[^'\"\n]+)\1",
        _given,
        _I,
    ),
    _rule(
        "token secret password passwd key connection",
        r"(?<![^\s;])(?P<name>(?:[A-Z0-9]+_)*(?:TOKEN|SECRET|PASSWORD|PASSWD|CONNECTION_STRING|"
        r"(?:API|ACCESS|ACCOUNT|AUTH|SECRET|PRIVATE|STORAGE|SUBSCRIPTION)_?KEY))"
        r"=(?P<value>[^\s'\"]{8,})",
        _env_value,
    ),
    _rule(
        "--",
        r"(?P<name>--(?:[a-z]+-)*(?:password|secret|(?:auth|access|api|sas|hf|hub)-token|"
        r"(?:api|account|access|auth|subscription)-key|connection-string))[= ]"
        r"(?P<value>[^\s'\",()\[\]-][^\s'\",)\]]{5,})",
        _given,
    ),
)

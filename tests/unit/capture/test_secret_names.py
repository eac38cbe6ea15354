"""Which params of a run are secrets."""

from __future__ import annotations

import pytest

from amlflow_jupyter.capture import secret_names


def test_by_name_and_by_value() -> None:
    params = {
        "password": "hunter2secret99",
        "api_key": "sk-" + "aB3dE" * 8,
        "store": "postgresql://me:hunter22@db.example.com/x",
        "lr": 0.1,
        "tokenizer": "bert",
    }
    assert secret_names(params) == {"password", "api_key", "store"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", 'it\'s "quoted" 99'),
        ("password", 12345678),
        ("model.db-password", "swordfish"),
        ("connect", {"user": "me", "password": "hunter22"}),
        ("notes", 'first\npassword = "hunter22"'),
    ],
)
def test_a_secret(name: str, value: object) -> None:
    assert secret_names({name: value}) == {name}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", None),
        ("secret", ""),
        ("use_api_key", True),
        ("max_tokens", 4096),
        ("eos_token", "<|endoftext|>"),
        ("primary_key", "customer_id"),
        ("sort_key", "created_at"),
        ("password_column", "password"),
        ("api_key", "[redacted]"),
        ("it's", 'quoted "so"'),
    ],
)
def test_no_secret(name: str, value: object) -> None:
    assert secret_names({name: value}) == set()


def test_the_value_of_a_secret_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_SERVICE_TOKEN", "plainlookingvalue")
    assert secret_names({"a": "plainlookingvalue", "b": "plain"}) == {"a"}

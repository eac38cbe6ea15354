"""What the cell's source gives to a secret name is hidden wherever it is shown."""

from __future__ import annotations

import pytest

from amlflow_jupyter.capture.secrets import KnownSecrets


@pytest.mark.parametrize(
    ("source", "shown", "kept"),
    [
        ('password = "hunter2secret99"', "pw hunter2secret99!", "pw [redacted]!"),
        ('password = "hunter2secret99"', "badhunter2secret99x", "bad[redacted]x"),
        ('password = "s3cr3t"', "pw s3cr3t", "pw [redacted]"),
        ('password = "swordfish"', "pw swordfish.", "pw [redacted]."),
        ('password = "12345678"', "pw 12345678", "pw [redacted]"),
        ('password = "abcDEFghi"', "pwabcDEFghi", "pw[redacted]"),
        ('password = "correct horse battery"', "a correct horse battery", "a [redacted]"),
        (r'password = "hunter\\2secret"', "pw hunter\\2secret", "pw [redacted]"),
        ('url = "db://me:hunter22@host/x"', "as hunter22", "as [redacted]"),
        ('a_password = "hunter22"\nb_password = "hunter22x"', "hunter22x", "[redacted]"),
    ],
)
def test_a_secret_is_hidden(source: str, shown: str, kept: str) -> None:
    assert KnownSecrets(source).redact(shown) == (kept, 1)
    assert KnownSecrets(source).mask(shown) == (kept, 1)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('password = "secret"', "the secret of a good model, secret_key"),
        ('password = "test"', "test loss 0.5, testing"),
        ('password = "password"', "a password is needed"),
        ('password = "changeme"', "changeme"),
        ('password = "postgres"', "postgresql://localhost, user postgres"),
        ('password = "a1b2"', "a1b2"),
        ('password = "123456"', "123456 rows"),
        ('password = "12345678"', "loss 0.12345678, id 912345678, 12345678.5"),
        ('password = "swordfish"', "swordfishes, swordfish_count"),
        ('password = "<your password>"', "<your password>"),
        ('password = "[redacted]"', "[redacted]"),
        ("x = 1", "hunter2secret99"),
    ],
)
def test_ordinary_output_stays(source: str, shown: str) -> None:
    assert KnownSecrets(source).redact(shown) == (shown, 0)


def test_one_capture_knows_nothing_of_another() -> None:
    text = "pw hunter2secret99"
    assert KnownSecrets('password = "hunter2secret99"').redact(text)[1] == 1
    assert KnownSecrets().redact(text) == (text, 0)

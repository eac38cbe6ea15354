"""What is a secret is taken out; what is ordinary code stays as it is, to the letter."""

from __future__ import annotations

import base64
import json
import subprocess
import sys

import pytest

from amlflow_jupyter.capture.secrets import redact


def _text(*parts: str) -> str:
    """Join the parts of a made-up secret: scanners of this repository must not trip over it."""
    return "".join(parts)


ACCOUNT_KEY = base64.b64encode(bytes(range(64))).decode()
HEX32 = "0123456789abcdef" * 2
JWT = ".".join(
    base64.urlsafe_b64encode(part).decode().rstrip("=")
    for part in (b'{"alg":"HS256","typ":"JWT"}', b'{"sub":"someone","exp":1}', b"signature-bytes")
)
PEM_BODY = "\n".join(["MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ" + "Ab1/" * 3] * 4)

SECRETS = [
    # (text, the secret in it)
    ('password = "hunter22"', "hunter22"),
    ("password = 'correct horse battery'", "correct horse battery"),
    ('db_password="s3cr3t!"  # old', "s3cr3t!"),
    ('config["password"] = "hunter22"', "hunter22"),
    ('{"user": "me", "password": "hunter22"}', "hunter22"),
    ("{'client_secret': 'abc123def456'}", "abc123def456"),
    ('connect(user="me", passwd="hunter22")', "hunter22"),
    ('if given == "hunter22" == my_password: pass', "hunter22"),
    ('openai.api_key = "abcd1234efgh"', "abcd1234efgh"),
    ('private_key = "/abc+def/ghi1234=="', "/abc+def/ghi1234=="),
    ('passphrase = "open sesame"', "open sesame"),
    ('access_token = "abcdefgh12345678"', "abcdefgh12345678"),
    ('subscription_key="0123456789abcdef0123"', "0123456789abcdef0123"),
    ("%env API_KEY=abc123def456", "abc123def456"),
    ("!export DB_PASSWORD=swordfish", "swordfish"),
    ("!az storage blob list --account-key abcdef123456 --output json", "abcdef123456"),
    ("tool --password=hunter22 --verbose", "hunter22"),
    (f"AccountName=me;AccountKey={ACCOUNT_KEY};EndpointSuffix=core.windows.net", ACCOUNT_KEY),
    (f"key = '{ACCOUNT_KEY}'", ACCOUNT_KEY),
    ("Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=abcdefghijklmnop12345=", None),
    ("Server=tcp:x;Database=d;User ID=me;Password=hunter22;Encrypt=yes", "hunter22"),
    ("https://x.blob.core.windows.net/c/b?sv=2024&sig=aBcDeF123%2Fghi456%3D&se=1", None),
    ("postgresql://me:hunter22@db.example.com/x", "hunter22"),
    ("https://user:hunter22@example.com/repo.git", "hunter22"),
    (f"https://{HEX32}@dev.azure.com/x", HEX32),
    (_text("dapi", HEX32), _text("dapi", HEX32)),
    (f"login('{_text('hf_', 'aB3' * 11)}')", _text("hf_", "aB3" * 11)),
    (_text("gh", "p_", "aB3d" * 9), _text("gh", "p_", "aB3d" * 9)),
    (_text("github_", "pat_", "11ABCDEFG0" * 3), _text("github_", "pat_", "11ABCDEFG0" * 3)),
    (_text("sk-", "proj-", "aB3dE" * 8), None),
    (_text("AK", "IA", "ABCDEFGHIJKLMNOP"), _text("AK", "IA", "ABCDEFGHIJKLMNOP")),
    (_text("xo", "xb-123456789-123456789-", "abcdefABCDEF"), None),
    (f'wandb.login(key="{"0123456789" * 4}")', "0123456789" * 4),
    (f"Authorization: Bearer {JWT}", JWT),
    (f"token {JWT} and more", JWT),
    ("headers = {'Authorization': 'Bearer abcdef1234567890abcdef'}", "abcdef1234567890abcdef"),
    ('{"Authorization": "Basic dXNlcjpwYXNzd29yZA=="}', "dXNlcjpwYXNzd29yZA=="),
    ("//registry.example.com/:_authToken=0123abcd-0123abcd", "0123abcd-0123abcd"),
    (_text("abc8Q~", "abcdefghijklmnopqrstuvwxyz01234567"), None),
]

ORDINARY = [
    'key = "loss"',
    "for key, value in metrics.items(): print(key, value)",
    'token_embedding = nn.Embedding(vocab_size, "relu")',
    'pad_token = "[PAD]"; eos_token="<|endoftext|>"',
    'tokenizer="bert-base-uncased-2018-10-18"',
    'tokenizer = AutoTokenizer.from_pretrained("meta-llama/Llama-3.1-8B")',
    "random_state=42",
    "commit 3f786850e387550fdab836ed7e6dc881de23001b",
    f"sha256:{HEX32 * 2}",
    f'"integrity": "sha512-{ACCOUNT_KEY}"',
    'password = os.environ["X"]',
    'password = os.environ.get("DB_PASSWORD", default)',
    "password = getpass()",
    'password = getpass("Password: ", stream=None)',
    'password = getpass.getpass(prompt="Password: ")',
    "connect(password=password, user=user)",
    "def connect(user: str, password: str | None = None) -> None:",
    'parser.add_argument("--password", help="of the database")',
    'password = "{password}"',
    'url = f"postgresql://{user}:{password}@{host}/db"',
    'api_key = "<your api key>"',
    'api_key = "$OPENAI_API_KEY"',
    'secret = client.get_secret("db-password").value',
    'token = dbutils.secrets.get(scope="ml", key="storage-account-key-2024")',
    'secret_name = "my-keyvault-entry"',
    'secretName: "my-keyvault-entry"',
    'private_key_path = "keys/id_rsa.pem"',
    'private_key = "/home/me/.ssh/id_rsa"',
    'primary_key = "customer_id"',
    'sort_key="created_at", foreign_key="orders.customer_id_2024_01"',
    'pwd = "./data/raw"',
    "API_KEY=config.api_key",
    'df["password_length"] = df["password"].str.len()',
    'columns = ["user", "password", "secret"]',
    "loss_sig=0.5 sig=0.05",
    "http://localhost:8888/lab?reset",
    "see https://example.com:8080/path@v2 for more",
    "git@github.com:someone/repository.git",
    "model = sk-learn-contrib-categorical-encoding",
    "the bearer of this message; basic reproducibility",
    "epoch 3/10 [=====>....] - 1s 12ms/step - loss: 0.1234 - tokens/s: 1234.5",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4",
    'print("-----BEGIN PRIVATE KEY-----")',
    "İstanbul: key = loss, token = 5",
]


@pytest.mark.parametrize(("text", "secret"), SECRETS, ids=[text[:40] for text, _ in SECRETS])
def test_a_secret_is_taken_out(text: str, secret: str | None) -> None:
    redacted, count = redact(text)
    assert count == 1
    if secret is None:  # the pattern decides how much of it goes
        assert "[redacted]" in redacted
    else:
        assert redacted == text.replace(secret, "[redacted]")


@pytest.mark.parametrize("text", ORDINARY, ids=[text[:40] for text in ORDINARY])
def test_ordinary_code_stays(text: str) -> None:
    assert redact(text) == (text, 0)


@pytest.mark.parametrize(("text", "secret"), SECRETS, ids=[text[:40] for text, _ in SECRETS])
def test_a_secret_is_found_wherever_it_stands(text: str, secret: str | None) -> None:
    around = f"import os\n\n{text}\n" + "print('ordinary')\n" * 3
    redacted, count = redact(around)
    assert count == 1
    assert redacted == around.replace(text, redact(text)[0])
    assert secret is None or secret not in redacted


@pytest.mark.parametrize(("text", "secret"), SECRETS, ids=[text[:40] for text, _ in SECRETS])
def test_json_with_code_in_it_stays_json(text: str, secret: str | None) -> None:
    document = json.dumps({"cells": [{"source": [text + "\n", "x = 1"]}]})
    redacted, count = redact(document)
    assert count == 1
    assert json.loads(redacted)["cells"][0]["source"][1] == "x = 1"
    assert secret is None or secret not in redacted


def test_what_was_redacted_is_not_redacted_again() -> None:
    for text, _ in SECRETS:
        once, _ = redact(text)
        assert redact(once) == (once, 0)


@pytest.mark.parametrize("kind", ["PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY"])
def test_a_private_key_goes_as_a_whole(kind: str) -> None:
    text = f'key = """-----BEGIN {kind}-----\n{PEM_BODY}\n-----END {kind}-----"""\nx = 1\n'
    redacted, count = redact(text)
    assert count == 1
    assert redacted == f'key = """-----BEGIN {kind}-----[redacted]-----END {kind}-----"""\nx = 1\n'


def test_a_private_key_that_was_cut_off_goes_too() -> None:
    redacted, count = redact(f"-----BEGIN PRIVATE KEY-----\n{PEM_BODY}\n\nWhat follows stays.\n")
    assert count == 1
    assert PEM_BODY[:40] not in redacted
    assert redacted.endswith("What follows stays.\n")


def test_a_private_key_in_a_diff_of_a_notebook() -> None:
    lines = "".join(f'+    "{line}\\n",\n' for line in PEM_BODY.split("\n"))
    text = f'+    "-----BEGIN PRIVATE KEY-----\\n",\n{lines}+    "-----END PRIVATE KEY-----\\n",\n'
    redacted, count = redact(text)
    assert count == 1
    assert PEM_BODY[:40] not in redacted


def test_values_of_secret_environment_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_SERVICE_TOKEN", "plainlookingvalue")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "another-value")
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "disabled-today")
    monkeypatch.setenv("SSH_KEY", "/home/me/.ssh/id_rsa")
    monkeypatch.setenv("SHORT_KEY", "short")
    text = "plainlookingvalue x another-value disabled-today /home/me/.ssh/id_rsa short"
    expected = "[redacted] x [redacted] disabled-today /home/me/.ssh/id_rsa short"
    assert redact(text) == (expected, 2)


def test_several_secrets_are_counted() -> None:
    text = 'password = "hunter22"\nurl = "https://me:hunter23@example.com"\nx = "hunter"\n'
    redacted, count = redact(text)
    assert count == 2
    assert redacted.count("[redacted]") == 2
    assert 'x = "hunter"' in redacted


# Each of these once kept a pattern busy for hours: text of this shape is rare, but not never.
HOSTILE = [
    *("password" * 10_000, "pwd = " * 10_000, "api_key=" * 10_000, "//a/:_authToken " * 5000),
    *("'" * 100_000 + "password", "_" * 100_000 + "token='", "secret" + " " * 100_000),
    *("-----BEGIN PRIVATE KEY-----" * 3000, "eyJ" + "a" * 100_000 + ".eyJ" + "b" * 100_000),
    *("http://" + "a" * 100_000, "==" + "A" * 100_000, '\\"' * 50_000 + "secret"),
]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:20] for text in HOSTILE])
def test_it_ends(text: str) -> None:
    """Within the time that a test may take at all."""
    redacted, _ = redact(text)
    assert len(redacted) <= len(text) + len("[redacted]") * text.count("-----BEGIN")


def test_detect_secrets_is_not_loaded_with_the_package() -> None:
    code = "import sys, amlflow_jupyter.capture; assert 'detect_secrets' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)

"""What azureml-core and its clients raise, told in one sentence."""

import json

import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from azureml.core.compute_target import ComputeTargetException
from azureml.exceptions import UserErrorException

from amlflow_jupyter.errors import (
    AmlflowError,
    AuthenticationRequired,
    BadTarget,
    ConnectionFailed,
    NotAllowed,
    Unreachable,
)
from amlflow_jupyter.resources.failures import ResourceFailed, translated


def answer(status: int, message: str) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response._content = json.dumps({"error": {"code": "C", "message": message}}).encode()
    return response


def compute_error(status: int, message: str) -> ComputeTargetException:
    """As azureml-core's compute classes word it."""
    response = answer(status, message)
    headers = {"Content-Type": "application/json", "x": "{}"}
    return ComputeTargetException(
        "Received bad response from Resource Provider:\n"
        f"Response Code: {status}\nHeaders: {headers}\nContent: {response.content!r}"
    )


def told(error: Exception) -> AmlflowError:
    with pytest.raises(AmlflowError) as caught, translated("It failed"):
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, ResourceFailed, 'It failed: The size isn\'t "known".'),
        (401, AuthenticationRequired, "Run %aml_connect again"),
        (403, NotAllowed, 'this identity is not allowed to (The size isn\'t "known".)'),
        (409, ResourceFailed, 'It failed: The size isn\'t "known".'),
        (429, ConnectionFailed, "Azure asks to wait"),
        (503, ConnectionFailed, "Azure failed by itself (status 503"),
    ],
)
def test_a_compute_error(status: int, kind: type[AmlflowError], words: str):
    error = told(compute_error(status, 'The size isn\'t "known".'))
    assert type(error) is kind
    assert words in str(error)
    assert "Headers" not in str(error)


def test_an_error_with_a_response():
    error = requests.HTTPError("500 Server Error", response=answer(403, "No role."))
    assert "not allowed to (No role.)" in str(told(error))


def test_azureml_cores_own_words_without_its_innards():
    assert str(told(UserErrorException("Name it.\nMore."))) == "It failed: Name it."


def test_nothing_answers():
    for error in (requests.ConnectionError("refused"), ServiceRequestError("refused")):
        assert isinstance(told(error), Unreachable)


def test_a_server_that_fails_again_and_again():
    error = requests.exceptions.RetryError(
        "HTTPSConnectionPool(host='h', port=443): Max retries exceeded with url: /a "
        "(Caused by ResponseError('too many 503 error responses'))"
    )
    assert str(told(error)) == "It failed: Azure failed by itself (status 503). Try again later."


def test_the_sign_in_is_refused():
    assert isinstance(told(ClientAuthenticationError("expired")), AuthenticationRequired)


def test_ours_stay_as_they_are():
    ours = BadTarget("This.")
    assert told(ours) is ours


@pytest.mark.parametrize(
    "text",
    [
        "Max retries exceeded with url: /box/a.csv?sv=2022&sig=SECRET%3D (Caused by timeout)",
        "header Authorization: Bearer SECRET",
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=SECRET==;EndpointSuffix=x",
        "token sv=2022&se=2024&sig=SECRET rejected",
    ],
)
def test_secrets_are_left_out(text: str):
    assert "SECRET" not in str(told(ValueError(text)))


def test_a_question_stays_one():
    assert str(told(ValueError("Is it there? Look again."))).endswith("Is it there? Look again.")


def test_an_error_that_cannot_be_written():
    class Mute(Exception):
        def __str__(self) -> str:
            raise TypeError

    assert str(told(Mute())) == "It failed: Mute"

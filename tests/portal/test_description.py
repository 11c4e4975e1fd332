"""The API against its own description: whatever the description allows or forbids is sent to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from portal import create_app
from portal.applications.identifiers import CODE_CHARACTERS, code_check
from portal.description import description
from portal.library.holder import knowledge_holder

from .small import ScriptedAssistant, TinyEmbedder, build_library, small_settings


def described(app: Flask) -> Iterator[str]:
    for path, operations in description()["paths"].items():
        for method in operations:
            yield f"{method.upper()} {path.replace('{', '<').replace('}', '>')}"


def test_every_route_of_the_api_is_described_and_nothing_else(app: Flask):
    routed = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.endpoint != "description.get_description"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert set(described(app)) == routed


def test_the_description_is_served_and_every_reference_in_it_leads_somewhere(client: FlaskClient):
    body = client.get("/api/v1/openapi.json")
    assert body.get_json()["openapi"] == "3.1.0"
    named = set(body.get_json()["components"]["schemas"])
    assert set(re.findall(r"#/components/schemas/(\w+)", body.text)) <= named


def test_the_example_of_the_description_is_accepted_as_it_stands(
    client: FlaskClient, assistant: ScriptedAssistant
):
    example = description()["components"]["schemas"]["Question"]["examples"][0]
    assert client.post("/api/v1/questions", json=example).status_code == 200


def test_the_example_of_a_submission_is_accepted_as_it_stands(client: FlaskClient):
    body = client.get("/api/v1/openapi.json").get_json()
    example = body["components"]["schemas"]["Submission"]["examples"][0]
    response = client.post("/api/v1/applications", json=example)
    assert response.status_code == 201
    assert set(response.get_json()) == {"number", "access_code", "state", "url"}


def credit_codes() -> st.SearchStrategy[str]:
    """Codes whose check character fits: no pattern can say so, hence the format of the description."""
    first = st.text(CODE_CHARACTERS, min_size=17, max_size=17)
    return first.map(lambda body: f"{body}{code_check(body)}")


schemathesis.openapi.format("credit-code", credit_codes())


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The whole API in this process, as its description names it, without a limit of questions."""
    folder = tmp_path_factory.mktemp("described")
    build_library(small_settings(folder))
    app = create_app(small_settings(folder, ROUWEN_RATE="1000000"))
    knowledge_holder(app).shelving.embedder = TinyEmbedder()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("bot.answer", ScriptedAssistant().answer)
        yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    app.extensions["rouwen.database"].engine.dispose()


OPERATIONS = [(path, method) for path, found in description()["paths"].items() for method in found]


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_the_api_keeps_to_its_description(api: Any, path: str, method: str, mode: GenerationMode):
    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=api[path][method.upper()].as_strategy(generation_mode=mode))
    def holds(case: schemathesis.Case) -> None:
        case.call_and_validate()

    holds()

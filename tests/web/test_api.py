"""The interface for programs: a document in, the report of the contract out; described as it behaves."""

from __future__ import annotations

import json
from itertools import product

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from limits import parse
from portal import LIMIT_MB, PROFILE, word_file
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from pipeline import steps
from pipeline.report.report_json import parse_report, render_json
from pipeline.store import keys
from pipeline.web import door
from pipeline.web.sessions import now


@pytest.fixture
def call(portal):
    """A function that calls the API with the token of somebody."""
    token = portal.token("noor")

    def send(method: str, path: str, **named):
        headers = {"Authorization": f"Bearer {token}"}
        return portal.client().request(method, f"/api/{path}", headers=headers, **named)

    return send


def test_report_is_that_of_the_command_line(call):
    answer = call("POST", "check", files={"file": (PROFILE.name, PROFILE.read_bytes())})
    (expected,) = json.loads(render_json([steps.check_file(PROFILE, name=PROFILE.name)]))

    assert answer.status_code == 200
    assert answer.json() == expected
    parse_report(answer.text)


def test_file_that_can_not_be_read_is_a_report_with_an_error(call):
    answer = call("POST", "check", files={"file": ("a.docx", b"PK\x03\x04")})

    assert answer.status_code == 200
    assert answer.json()["error"]["code"] == "corrupt"
    assert answer.json()["findings"] == []


def test_norm_and_sector_can_be_chosen(call):
    files = {"file": ("a.docx", word_file("Wij werken samen met de GGD."))}
    answer = call("POST", "check", files=files, data={"norm": "meierij", "sector": "vo"})

    assert answer.json()["norm"]["id"] == "meierij"
    assert answer.json()["document"]["sector"] == "vo"


def test_nothing_is_kept(portal, call, noor):
    before = set(portal.app.state.desk.folder.iterdir())
    call("POST", "check", files={"file": ("van-de-api.docx", word_file("Wij werken samen met de GGD."))})

    assert set(portal.app.state.desk.folder.iterdir()) == before
    assert "van-de-api.docx" not in noor.get("/").text


def test_norms_are_those_that_can_be_named(call):
    known = {one["id"]: one for one in call("GET", "norms").json()}

    assert {"anb", "opp", "abc"} <= known.keys()
    assert known["anb"]["kinds"] == ["sop", "schoolgids"]


@pytest.mark.parametrize(
    ("named", "status"),
    [
        pytest.param({}, 400, id="nothing"),
        pytest.param({"data": {"file": "tekst"}}, 400, id="no file"),
        pytest.param({"files": [("file", ("a", b"x")), ("file", ("b", b"x"))]}, 400, id="two files"),
        pytest.param({"files": {"file": ("a", b"x")}, "data": {"norm": "../anb"}}, 400, id="norm"),
        pytest.param({"files": {"file": ("a", b"x")}, "data": {"sector": "so"}}, 400, id="sector"),
        pytest.param({"files": {"file": ("a", bytes(LIMIT_MB * 1024 * 1024 + 1))}}, 413, id="too large"),
    ],
)
def test_what_is_refused_is_a_problem_with_a_code(portal, call, named, status):
    before = set(portal.app.state.desk.folder.iterdir())
    answer = call("POST", "check", **named)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["code"]
    assert set(portal.app.state.desk.folder.iterdir()) == before


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer geraden"}, {"Authorization": "Basic bm9vcg=="}])
def test_without_a_token_nothing(portal, headers):
    answer = portal.client().post("/api/check", files={"file": ("a", b"x")}, headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"


def test_description_holds_the_api_alone(portal):
    described = portal.client().get("/api/openapi.json").json()

    assert set(described["paths"]) == {"/api/norms", "/api/check"}
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_api_does_what_its_description_says(served, monkeypatch):
    """Whatever schemathesis makes of the description: no fault, and no answer that is not described."""
    monkeypatch.setattr(door, "API", parse("100000/minute"))
    described = schemathesis.openapi.from_url(f"{served.address}/api/openapi.json")
    token = keys.make_token(served.engine, served.people["noor"].id, name="test", days=1, now=now())
    tried: dict[str, set[int]] = {}

    for operation, mode in product(described.get_all_operations(), GenerationMode):
        found = operation.ok()

        @settings(
            max_examples=25,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=found.as_strategy(generation_mode=mode))
        def one(case):
            answer = case.call(headers={"Authorization": f"Bearer {token}"})
            tried.setdefault(case.path, set()).add(answer.status_code)
            # a token is given to all: what happens without one has a test of its own
            case.validate_response(answer, excluded_checks=[checks.ignored_auth])

        one()

    assert 200 in tried["/api/norms"]
    assert tried["/api/check"] >= {200, 400}

"""A server holds what its description says, and refuses what the description does not allow, without a fault."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import booleans
from schemathesis import GenerationMode, openapi
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from catalog.contracts.sharing import Right
from tests.thorough import examples
from tests.transport.test_http import opened, token
from tests.transport.test_share import AT, DISPATCHES, PREFIX, contents, recipient, serving
from transport.base.settings import Settings
from transport.releases.store import Releases
from transport.servers.http.routes import ROUTES
from transport.servers.share.routes import ROUTES as SHARE_ROUTES

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    """A server that asks for tokens, one of them, and the description that it gives."""
    load_all_checks()
    with opened(tmp_path_factory.mktemp("described")) as door:
        url = f"http://127.0.0.1:{door.server.port}"
        yield url, token(door.settings, read=frozenset({Right.OPEN})), openapi.from_url(f"{url}/openapi.json")


AS_SAID, OTHERWISE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
TAKES_SOMETHING = [route.operation for route in ROUTES if route.parameters or "{" in route.path]


def answers(described, operation, mode, checks):
    """Call an operation with whatever the description lets it be called with, or with what it does not."""
    url, bearer, schema = described
    cases = schema.find_operation_by_id(operation).as_strategy(generation_mode=mode, headers=bearer)

    @settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=examples(40, quick=3))
    @given(case=cases)
    def call(case):
        case.call_and_validate(base_url=url, checks=checks, timeout=60)

    call()


@pytest.mark.parametrize("operation", [route.operation for route in ROUTES])
def test_an_operation_answers_as_its_description_says(described, operation):
    answers(described, operation, AS_SAID, CHECKS)


@pytest.mark.parametrize("operation", TAKES_SOMETHING)
def test_what_the_description_does_not_allow_is_refused(described, operation):
    answers(described, operation, OTHERWISE, [*CHECKS, negative_data_rejection])


# --- the share server -------------------------------------------------------------------------------------------------

SHARED = sorted({(r.operation, r.method) for r in SHARE_ROUTES})
A_TABLE = dict(zip(("share", "schema", "table"), ("open", *DISPATCHES.name.split(".")), strict=True))


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A share server, a recipient's token, and the description that it gives."""
    load_all_checks()
    folder = tmp_path_factory.mktemp("shared")
    of = Settings(home=folder / "home", disk_reserve_mb=0)
    facts = {"published_at": AT[0].isoformat()}
    Releases(of).publish("2026-06-01.1", contents(folder, 1), lambda _told: [], facts, parent=None)
    bearer = {"Authorization": f"Bearer {recipient(of, 'open')[0]}"}
    with serving(of) as door:
        url = f"http://127.0.0.1:{door.server.port}"
        yield url, bearer, openapi.from_url(f"{url}{PREFIX}/openapi.json")


@pytest.mark.parametrize(("operation", "method"), SHARED)
def test_the_share_server_answers_as_its_description_says(shared, operation, method):
    url, bearer, schema = shared
    called = f"{operation}_deprecated" if method == "HEAD" else operation
    cases = schema.find_operation_by_id(called).as_strategy(generation_mode=AS_SAID, headers=bearer)

    @settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=examples(20, quick=3))
    @given(case=cases, of_a_table=booleans())
    def call(case, of_a_table):
        if of_a_table:  # else its name is none that there is
            case.path_parameters = {n: A_TABLE.get(n, value) for n, value in (case.path_parameters or {}).items()}
        case.call_and_validate(base_url=url, checks=CHECKS, timeout=60)

    call()

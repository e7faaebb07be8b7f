"""Whatever the OpenAPI document allows, and much that it does not, the service answers without breaking."""

from __future__ import annotations

import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings


def test_no_request_breaks_the_service(client: TestClient) -> None:
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", client.app)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 40
    for operation in operations:
        broken(operation)


def broken(operation: schemathesis.schemas.APIOperation) -> None:
    @given(case=operation.as_strategy())
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    def calls(case: schemathesis.Case) -> None:
        response = case.call()
        assert response.status_code < 500, (operation.label, response.status_code, response.text)

    calls()

"""Refusals: a page for a browser, JSON for the API, and the same status for both."""

from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory

from guild.portal import errors
from guild.tenancy.models import Membership
from tests.cast import Cast


def test_stranger_is_told_404_in_the_shape_of_what_was_asked(
    cast: Cast, client_of: Callable[[Membership], Client]
) -> None:
    zed = client_of(cast.zed)
    page, answer = zed.get("/g/lantern/"), zed.get("/api/v1/g/lantern/sessions/")
    assert (page.status_code, page["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert (answer.status_code, answer.json()) == (404, {"detail": "It is not there, or not for you."})


def test_stale_form_is_told_what_to_do(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.mira.dreamer)
    reply = client.post("/journal/new/", {"narrative": "The stairs were wet."})
    assert reply.status_code == 403
    assert b"reload the page and send it again" in reply.content


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_every_refusal_of_the_api_is_a_sentence(status: int) -> None:
    views = {400: errors.bad_request, 403: errors.forbidden, 404: errors.not_found, 500: errors.server_error}
    reply = views[status](RequestFactory().get("/api/v1/anything/"))
    assert (reply.status_code, reply["Content-Type"]) == (status, "application/json")
    assert reply.content.endswith(b'."}')


def test_a_fault_of_ours_is_said_even_when_nobody_can_be_looked_up() -> None:
    class Unreachable:
        def __getattr__(self, name: str) -> object:
            raise ConnectionError("The database is away.")

    request = RequestFactory().get("/journal/")
    request.user = Unreachable()
    reply = errors.server_error(request)
    assert reply.status_code == 500
    assert b"<h1" in reply.content

"""Every page of the accounts library is drawn by our own templates, and asks again before it lets change."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.core import mail
from django.test import Client

from guild.tenancy.models import Membership
from tests.cast import PASSWORD, Cast

ENTRANCE = (
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
)
LINKS = ("/accounts/confirm-email/no-such-key/", "/accounts/password/reset/key/no-such-key/")
MANAGE = (
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
)
GUARDED = ("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/")

SignedIn = Callable[[Membership], Client]


def assert_ours(html: str) -> None:
    """One heading, our sheet, and nothing that the content security policy would refuse."""
    assert len(re.findall(r"<h1\b", html)) == 1
    assert re.search(r'<link rel="stylesheet" href="/static/css/site[^"]*\.css">', html)
    assert re.search(r"\sstyle=", html) is None
    assert re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", html) is None
    assert 'src="data:' not in html


@pytest.fixture
def freshly(client_of: SignedIn) -> SignedIn:
    """`freshly(member)` has just given the password again."""

    def confirm(member: Membership) -> Client:
        client = client_of(member)
        assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
        return client

    return confirm


@pytest.mark.django_db
@pytest.mark.parametrize("path", ENTRANCE + LINKS)
def test_page_before_signing_in_is_ours(client: Client, path: str) -> None:
    response = client.get(path, follow=True)
    assert response.status_code == 200
    assert_ours(response.content.decode())


@pytest.mark.parametrize("path", MANAGE)
def test_page_of_the_account_is_ours(cast: Cast, freshly: SignedIn, path: str) -> None:
    response = freshly(cast.mira).get(path)
    assert response.status_code == 200
    assert_ours(response.content.decode())


@pytest.mark.parametrize("path", GUARDED)
def test_change_of_a_factor_asks_for_the_password_again(cast: Cast, client_of: SignedIn, path: str) -> None:
    response = client_of(cast.mira).get(path)
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"/accounts/reauthenticate/?next={quote(path, safe='')}",
    )


def test_reauthentication_is_ours(cast: Cast, client_of: SignedIn) -> None:
    assert_ours(client_of(cast.mira).get("/accounts/reauthenticate/").content.decode())


def test_sign_in_with_a_wrong_password_says_so_and_keeps_the_address(cast: Cast, client: Client) -> None:
    response = client.post("/accounts/login/", {"login": cast.mira.dreamer.email, "password": "not this one"})
    html = response.content.decode()
    assert response.status_code == 200
    assert 'class="error-summary"' in html
    assert f'value="{cast.mira.dreamer.email}"' in html
    assert_ours(html)


def test_letter_to_reset_a_password_leads_to_a_page_of_ours(cast: Cast, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": cast.mira.dreamer.email})
    assert [letter.subject for letter in mail.outbox] == ["Set a new password"]
    link = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[0].body))
    assert link
    html = client.get(link[1], follow=True).content.decode()
    assert "Choose a new password" in html
    assert_ours(html)


def test_letter_after_a_change_says_where_it_came_from(cast: Cast, freshly: SignedIn) -> None:
    new = "another walk by the harbour"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert freshly(cast.mira).post("/accounts/password/change/", fields).status_code == 302
    assert [letter.subject for letter in mail.outbox] == ["Your password was changed"]
    assert "from the address 127.0.0.1" in str(mail.outbox[0].body)


def test_second_factor_is_shown_as_a_drawing_not_as_an_address(cast: Cast, freshly: SignedIn) -> None:
    html = freshly(cast.mira).get("/accounts/2fa/totp/activate/").content.decode()
    assert re.search(r'<div class="qr" role="img" aria-label="[^"]+"><svg (?![^>]*\bwidth=)', html)

"""From a steward's link to a member, in browsers: the code leaves the address at once, and reaches no log."""

import pytest
from playwright.sync_api import expect

from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.browser.conftest import SignIn
from tests.cast import PASSWORD, Cast, account
from tests.stack import Stack

pytestmark = pytest.mark.browser


def test_a_link_is_made_opened_and_used(
    live_cast: Cast, signed_in: SignIn, window: SignIn, stack: Stack
) -> None:
    ayla = signed_in(live_cast.ayla)
    ayla.goto("/g/lantern/offices/invitations/")
    ayla.get_by_role("button", name="Make an invitation").click()
    link = ayla.get_by_label("The link", exact=True).input_value()
    address, code = link.split("#")
    assert (address, len(code)) == (f"{stack.url}/join/", 54)

    account("Nova")
    nova = window()
    nova.goto(link)
    expect(nova.get_by_role("heading", level=1)).to_have_text("The Lantern Guild")
    assert nova.url == f"{stack.url}/join/"
    nova.get_by_role("link", name="I have one: sign in").click()
    nova.get_by_label("E-mail address").fill("nova@example.org")
    nova.get_by_label("Password", exact=True).fill(PASSWORD)
    nova.get_by_role("button", name="Sign in", exact=True).click()
    expect(nova.get_by_label("What shall this guild call you?")).to_have_value("Nova")
    nova.get_by_role("radio", name="crescent").check()
    nova.get_by_role("button", name="Come in").click()
    expect(nova.get_by_text("Welcome to The Lantern Guild, Nova.")).to_be_visible()

    with tenant(guild=live_cast.lantern.pk):
        came = Membership.objects.get(guild_id=live_cast.lantern.pk, display_name="Nova")
    assert (came.hue, came.offices) == (7, ["dreamer"])
    logs = "".join(path.read_text(errors="replace") for path in stack.folder.glob("*.log"))
    assert logs
    assert code not in logs

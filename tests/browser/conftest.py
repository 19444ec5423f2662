"""Chromium against the running product. Every page is watched: a script error or a breach of policy fails."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from guild.tenancy.models import Membership
from tests.cast import PASSWORD, Cast
from tests.stack import Stack

CHROMIUM, WITHOUT_WINDOWS = Path("/usr/bin/chromium"), Path("/usr/bin/chromium-headless-shell")
"""Debian's two. The one without windows shows the same pages for a quarter of the work, where it is there."""

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000
"""Milliseconds that a page may take on a busy machine."""
expect.set_options(timeout=PATIENCE)

SignIn = Callable[..., Page]


def launching(chromium: Path) -> dict[str, Any]:
    """How one of them is started, if it is there."""
    if not chromium.exists():
        assert not os.environ.get("REQUIRE_BROWSER"), f"Browser tests are required and {chromium} is missing."
        pytest.skip(f"browser tests need Debian's chromium at {chromium}")
    return {"executable_path": str(chromium), "args": SWITCHES}


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium; skips without it unless REQUIRE_BROWSER says that it must be there."""
    return launching(WITHOUT_WINDOWS if WITHOUT_WINDOWS.exists() else CHROMIUM)


@pytest.fixture(scope="session")
def base_url() -> None:
    """Nothing: each window takes its address from the stack or from the double that a test runs."""


@pytest.fixture(autouse=True)
def _database_beside_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver's event loop runs in this thread; our look at the database is synchronous all the same."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


class Watch:
    """Collects what a page complained of."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def over(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        from_a_page = bool(message.location.get("url"))  # what the test's own tools inject has no address
        if message.type == "error" and from_a_page and "Content Security Policy" in message.text:
            self.complaints.append(f"{message.location}: {message.text}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test at its end if any page had a script error or breached its policy."""
    watch = Watch()
    yield watch
    assert watch.complaints == []


@pytest.fixture
def window(browser: Browser, stack: Stack, watch: Watch) -> Iterator[Callable[..., Page]]:
    """`window()` opens a browser window of its own: its own cookies, its own storage."""
    contexts: list[BrowserContext] = []

    def open_window(**options: Any) -> Page:
        context = browser.new_context(base_url=stack.url, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        return page

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def signed_in(
    live_cast: Cast, stack: Stack, window: Callable[..., Page], client_of: Callable[[Membership], Client]
) -> SignIn:
    """`signed_in(member)` is a new window that holds a session of that member's, on the first page.

    Signing in through the page itself is for the tests that are about it (`sign_in_by_hand`).
    """

    def sign_in(member: Membership, **options: Any) -> Page:
        page = window(**options)
        session = client_of(member).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": stack.url}])
        page.goto("/")
        return page

    return sign_in


def sign_in_by_hand(page: Page, address: str, password: str = PASSWORD) -> Page:
    """The same page, once somebody has signed in through it."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("/")
    return page

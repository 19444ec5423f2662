"""Chromium against the running product. Every page is watched: a script error or a breach of policy fails."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from guild.tenancy.models import Membership
from tests.cast import PASSWORD, Cast
from tests.stack import Stack

CHROMIUM = Path("/usr/bin/chromium")
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


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium; skips without it unless REQUIRE_BROWSER says that it must be there."""
    if not CHROMIUM.exists():
        assert not os.environ.get("REQUIRE_BROWSER"), (
            "Browser tests are required and /usr/bin/chromium is missing."
        )
        pytest.skip("browser tests need Debian's chromium at /usr/bin/chromium")
    return {"executable_path": str(CHROMIUM), "args": SWITCHES}


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
def signed_in(live_cast: Cast, window: Callable[..., Page]) -> SignIn:
    """`signed_in(member)` is a new window in which that member has signed in through the page."""

    def sign_in(member: Membership, **options: Any) -> Page:
        page = window(**options)
        page.goto("/accounts/login/")
        page.get_by_label("E-mail").fill(member.dreamer.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("/")
        return page

    return sign_in

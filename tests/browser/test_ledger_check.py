"""A use is checked in the browser: what is true holds, what is false is found at the step it belongs to."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from governance.ledger.tiles import make_bundle
from tests.browser.log_double import ADDRESS, GUILD, HOUSE, PublicLog, checked, made_log

pytestmark = pytest.mark.browser

MODULES = Path(settings.BASE_DIR) / "static"
STEPS = ("proof", "key", "state", "history", "leaf", "inclusion", "list", "dream")
SIZE, USE_AT = 300, 280
PURPOSE = make_bundle(made_log(SIZE, use_at=USE_AT)[256:]).index(b'"purpose":"blend"') + len('"purpose":"')
KEPT = "JSON.parse(localStorage.getItem('log:" + str(GUILD) + "'))"
NO_ED25519 = """() => {
  const original = crypto.subtle.importKey.bind(crypto.subtle);
  crypto.subtle.importKey = (format, key, algorithm, ...rest) =>
    algorithm.name === "Ed25519"
      ? Promise.reject(new DOMException("no", "NotSupportedError"))
      : original(format, key, algorithm, ...rest);
}"""

Open = Callable[[PublicLog], Page]


@pytest.fixture(scope="module")
def window_of_all(browser: Browser) -> Iterator[Page]:
    """One window for the whole file: what it keeps is forgotten between tests."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def opened(window_of_all: Page) -> Iterator[Open]:
    """`opened(log)` is a page over this log, in a browser that keeps nothing before the test."""
    page = window_of_all

    def open_page(log: PublicLog) -> Page:
        log.serve(page, modules=MODULES)
        page.goto(f"{HOUSE}/")
        return page

    yield open_page
    page.evaluate("localStorage.clear()")


def a_log(size: int = SIZE, *, use_at: int = USE_AT, other: str = "other") -> PublicLog:
    return PublicLog(made_log(size, use_at=use_at, other=other), use_at)


def states(page: Page) -> dict[str, str]:
    return {name: state for name, (state, _) in checked(page).items()}


def good_until(step: str, state: str) -> dict[str, str]:
    """Everything before a step holds, and nothing after it was looked at."""
    return dict.fromkeys(STEPS[: STEPS.index(step)], "good") | {step: state}


ALL_GOOD = dict.fromkeys(STEPS, "good")


@pytest.mark.parametrize(
    ("size", "use_at"), [(1, 0), (2, 1), (255, 3), (256, 255), (257, 256), (300, 280), (1000, 511)]
)
def test_a_true_use_holds_in_every_step(opened: Open, size: int, use_at: int) -> None:
    assert states(opened(a_log(size, use_at=use_at))) == ALL_GOOD


@pytest.mark.parametrize(
    ("path", "byte", "step"),
    [
        ("vkey", -10, "key"),
        ("checkpoint", len(ADDRESS) - len("http://") + 8, "state"),  # the root
        ("checkpoint", -20, "state"),  # the signature
        ("tile/entries/001.p/44", PURPOSE, "leaf"),
        ("tile/0/001.p/44", 32 * 25, "inclusion"),  # the leaf's sibling
        ("tile/1/000.p/1", 0, "inclusion"),  # all that stands before
    ],
)
def test_one_flipped_bit_of_the_log_is_found_at_its_step(
    opened: Open, path: str, byte: int, step: str
) -> None:
    log = a_log()
    log.flip(path, byte=byte)
    assert states(opened(log)) == good_until(step, "bad")


def test_another_entry_of_the_same_form_is_found_by_the_tree(opened: Open) -> None:
    log, other = a_log(), a_log()
    entry = other.entries[USE_AT]
    path, changed = "tile/entries/001.p/44", entry.replace(b'"actor":"system"', b'"actor":"sistem"')
    log.files[path] = log.files[path].replace(entry, changed)
    assert states(opened(log)) == good_until("inclusion", "bad")


@pytest.mark.parametrize(
    ("change", "step"),
    [
        ({"at": "2026-11-02T21:15:30.000043Z"}, "leaf"),
        ({"said": {"purpose": "quote", "on": "blend", "subject": "x", "count": 5}}, "leaf"),
        ({"leaf": 279}, "leaf"),
        ({"path": []}, "list"),
        ({"position": 2}, "list"),
        ({"commitment": "ab" * 32}, "list"),
        ({"nonce": "6f" * 32}, "dream"),
        ({"contribution": "00000000-0000-4000-8000-000000000001"}, "dream"),
    ],
)
def test_what_the_page_claims_and_the_log_does_not_prove_is_found(
    opened: Open, change: dict[str, object], step: str
) -> None:
    log = a_log()
    log.proof |= change
    assert states(opened(log)) == good_until(step, "bad")


def test_a_dream_that_was_taken_back_is_checked_as_far_as_anybody_can(opened: Open) -> None:
    log = a_log()
    log.proof["nonce"] = None
    assert states(opened(log)) == ALL_GOOD | {"dream": "unsure"}


def test_a_browser_without_ed25519_says_so_and_checks_the_rest(opened: Open) -> None:
    page = opened(a_log())
    page.evaluate(NO_ED25519)
    found = checked(page)
    assert {name: state for name, (state, _) in found.items()} == ALL_GOOD | {"state": "unsure"}
    assert "cannot verify signatures of this kind" in found["state"][1]


def test_a_leaf_after_the_last_signing_is_not_called_false(opened: Open) -> None:
    log = a_log(300, use_at=280)
    log.proof["leaf"] = 300
    assert states(opened(log)) == good_until("state", "unsure")


@pytest.mark.parametrize("path", ["vkey", "checkpoint", "tile/entries/001.p/44", "tile/1/000.p/1"])
def test_a_server_that_cannot_answer_is_not_called_false(opened: Open, path: str) -> None:
    log = a_log()
    log.statuses[path] = 503
    found = list(states(opened(log)).values())
    assert found == ["good"] * (len(found) - 1) + ["unsure"]


def test_the_key_is_kept_at_first_sight_and_another_one_noticed(opened: Open) -> None:
    page = opened(a_log())
    first, again = checked(page), checked(page)
    assert "for the first time" in first["key"][1]
    assert "the same that this browser has kept since" in again["key"][1]
    other = PublicLog(made_log(SIZE, use_at=USE_AT), USE_AT, seed=b"t" * 32)
    assert states(opened(other)) == good_until("key", "bad")


def test_a_log_that_grew_continues_the_one_that_was_seen_before(opened: Open) -> None:
    assert states(opened(a_log(281))) == ALL_GOOD
    page = opened(a_log(1000))
    grown = checked(page)
    assert grown["history"] == [
        "good",
        "It begins with the 281 leaves that this browser saw before, unchanged.",
    ]
    assert page.evaluate(KEPT)["size"] == 1000


@pytest.mark.parametrize(("size", "other"), [(290, "other"), (300, "rewritten"), (1000, "rewritten")])
def test_a_log_that_was_cut_or_rewritten_is_found_though_its_key_signed_it(
    opened: Open, size: int, other: str
) -> None:
    assert states(opened(a_log(300))) == ALL_GOOD
    page = opened(a_log(size, other=other))
    assert states(page) == good_until("history", "bad")
    assert page.evaluate(KEPT)["size"] == 300

"""The rules of accessibility, asked of the page that a window shows."""

from functools import cache
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Of the rules that run, one looks at media before it judges and none at style sheets: by default axe would
# ask the server for each of them again, on every page.
OPTIONS = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}


@cache
def axe() -> Axe:
    """With its half a megabyte of script, read once a run."""
    return Axe()


def violations(page: Page, **options: Any) -> list[dict[str, Any]]:
    """What axe finds, rule by rule; `options` are axe's own."""
    found: list[dict[str, Any]] = axe().run(page, options=OPTIONS | options).response["violations"]
    return found

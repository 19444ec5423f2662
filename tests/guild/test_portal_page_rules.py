"""What the content security policy and the style of the house ask of every template and stylesheet."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder

from guild.portal.static_files import HashedStaticFiles

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "static" / "css").rglob("*.css"))
MODULES = sorted((ROOT / "static" / "js").rglob("*.js"))
RAW_COLOUR = re.compile(r"oklch\(|oklab\((?!\s*var)|rgba?\(|hsla?\(|#[0-9a-fA-F]{3,8}\b")
FORBIDDEN = {
    "a style attribute": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline handler": r"\son[a-z]+\s*=\s*[\"']",
    "code in hx-on": r"\bhx-on\b",
    "a trigger filter": r"hx-trigger\s*=\s*[\"'][^\"']*\[",
    "a script from elsewhere": r"<script[^>]+src\s*=\s*[\"'](?:https?:)?//",
    "an inline script": r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>",
    "a data: address": r"(?:src|href)\s*=\s*[\"']data:",
}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_templates_need_no_exception_in_the_policy(rule: str) -> None:
    pattern = re.compile(FORBIDDEN[rule])
    assert [relative(path) for path in TEMPLATES if pattern.search(path.read_text())] == []


def test_colours_are_named_in_the_tokens_alone() -> None:
    sheets = [path for path in SHEETS if path.name not in ("tokens.css", "hues.css")]
    assert [relative(path) for path in sheets if RAW_COLOUR.search(path.read_text())] == []


def test_every_custom_property_in_use_is_defined() -> None:
    text = "".join(path.read_text() for path in SHEETS)
    defined = set(re.findall(r"(--[\w-]+)\s*:", text))
    assert set(re.findall(r"var\((--[\w-]+)", text)) - defined == set()


def test_every_sheet_is_imported_into_a_layer() -> None:
    site = (ROOT / "static/css/site.css").read_text()
    imported = set(re.findall(r'@import url\("([^"]+)"\) (?:layer\(|print)', site))
    names = {str(path.relative_to(ROOT / "static/css")) for path in SHEETS} - {"site.css"}
    assert imported == names


def test_modules_evaluate_no_text_and_write_no_markup() -> None:
    """Markup that the server rendered may be parsed, in a template, where nothing of it runs."""
    pattern = re.compile(
        r"\beval\(|new Function|(?<!\btemplate\.)(?:inner|outer)HTML\s*=|insertAdjacentHTML|document\.write"
    )
    assert [relative(path) for path in MODULES if pattern.search(path.read_text())] == []


def test_imports_of_modules_name_the_hashed_file(tmp_path: Path) -> None:
    storage = HashedStaticFiles(location=str(tmp_path))
    paths = {}
    for path, source in FileSystemFinder().list([]):
        if path.startswith("js/"):
            with source.open(path) as file:
                storage.save(path, file)
            paths[path] = (storage, path)
    failures = [result for _, _, result in storage.post_process(paths) if isinstance(result, Exception)]
    site = next(tmp_path.glob("js/site.*.js")).read_text()
    addresses = re.findall(r'from "\./([^"]+)"', site)
    assert failures == []
    assert addresses
    assert all(re.fullmatch(r"[\w-]+\.[0-9a-f]{12}\.js", address) for address in addresses)
    assert all((tmp_path / "js" / address).exists() for address in addresses)

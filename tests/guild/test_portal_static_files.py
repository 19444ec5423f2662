from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from guild.portal.static_files import StaticFiles


@pytest.fixture
def served(tmp_path: Path) -> StaticFiles:
    """One style sheet, before an application that knows nothing."""
    (tmp_path / "a.css").write_text("p { color: inherit }")
    files = StaticFiles(lambda request: HttpResponse(status=404))
    files.add_files(str(tmp_path), prefix="/static/")
    return files


@pytest.mark.parametrize(
    ("headers", "status", "content"),
    [
        ({}, 200, b"p { color: inherit }"),
        ({"HTTP_RANGE": "bytes=4-8"}, 206, b"color"),
        ({"HTTP_IF_MODIFIED_SINCE": "Wed, 01 Jan 2098 00:00:00 GMT"}, 304, b""),
    ],
)
def test_static_files_are_answered_as_bytes_and_not_as_a_stream(
    served: StaticFiles, headers: dict[str, str], status: int, content: bytes
) -> None:
    answer = served(RequestFactory().get("/static/a.css", **headers))
    assert not answer.streaming
    assert (answer.status_code, answer.content) == (status, content)


def test_static_files_keep_their_headers(served: StaticFiles) -> None:
    answer = served(RequestFactory().get("/static/a.css"))
    assert answer["Content-Type"] == 'text/css; charset="utf-8"'
    assert answer["Content-Length"] == "20"
    assert answer["Cache-Control"] == "max-age=60, public"

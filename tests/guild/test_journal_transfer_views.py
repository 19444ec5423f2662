from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from guild.journal import services
from guild.journal.models import Dream, StagedImport
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.guild.journal_pages import errors_beside, kept, words_of, write

SignIn = Callable[[Membership], Client]


@pytest.fixture
def mira(cast: Cast, client_of: SignIn) -> Client:
    return client_of(cast.mira)


def test_import_shows_a_preview_with_refusals_and_adds_on_yes(cast: Cast, mira: Client) -> None:
    file = SimpleUploadedFile(
        "dreams.csv", b"date,text,weather\n2025-05-03,The sea.,rain\n2999-01-01,Later.,sun\n2025-05-04,,\n"
    )

    preview = mira.post(reverse("journal:import"), {"file": file}, follow=True)
    words = words_of(preview)
    before = kept(cast.mira)
    done = mira.post(preview.redirect_chain[-1][0], {"confirm": "yes"}, follow=True)

    assert "1 dream can be added" in words
    assert "2 lines refused" in words
    assert "weather" in words
    assert "3 The night of 1 January 2999 has not begun yet" in words
    assert "4 Write the dream first" in words
    assert before == []
    assert [draft.narrative for draft in kept(cast.mira)] == ["The sea."]
    assert "1 dream was added." in words_of(done)


def test_import_of_pasted_text_can_be_thrown_away(cast: Cast, mira: Client) -> None:
    preview = mira.post(reverse("journal:import"), {"text": "2025-05-03\nThe sea."}, follow=True)

    mira.post(preview.redirect_chain[-1][0], {"discard": "yes"})

    assert kept(cast.mira) == []
    with tenant(dreamer=cast.mira.dreamer_id):
        assert StagedImport.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({}, "file", "This file is empty"),
        ({"text": "  "}, "text", "This file is empty"),
        ({"file": SimpleUploadedFile("a.txt", b"")}, "file", "This file is empty"),
        ({"file": SimpleUploadedFile("a.zip", b"PK\x03\x04\x00\x00")}, "file", "not a text file"),
        ({"text": "a,b\n1,2", "file_format": "csv"}, "text", "must name its columns"),
    ],
)
def test_import_of_what_cannot_be_read_says_why_and_keeps_what_was_pasted(
    mira: Client, fields: dict[str, Any], field: str, sentence: str
) -> None:
    response = mira.post(reverse("journal:import"), fields)

    assert response.status_code == 422
    assert sentence in errors_beside(response, field)
    assert (response.context["form"]["text"].value() or "") == fields.get("text", "")


def test_import_of_a_file_of_several_megabytes_arrives(cast: Cast, mira: Client) -> None:
    line = b'{"dreamed_on": "2025-05-03", "narrative": "' + b"The dog looked at me. " * 20_000 + b'%d"}\n'
    file = SimpleUploadedFile("dreams.jsonl", b"".join(line % number for number in range(9)))

    preview = mira.post(reverse("journal:import"), {"file": file}, follow=True)

    assert len(preview.context["plan"].accepted) == 9


@pytest.mark.parametrize("megabytes", [12.5, 14])
def test_import_of_a_file_past_the_limit_says_so(mira: Client, megabytes: float) -> None:
    file = SimpleUploadedFile("dreams.txt", b"2025-05-03\n" + b"The sea. " * int(megabytes * 116_509))

    response = mira.post(reverse("journal:import"), {"file": file})

    assert f"This file has {megabytes:.0f} MB; the most at once is 12 MB." in errors_beside(response, "file")


def test_import_that_is_finished_or_somebody_elses_leads_back(cast: Cast, client_of: SignIn) -> None:
    with tenant(dreamer=cast.mira.dreamer_id):
        staged = services.stage_import(by=cast.mira.dreamer, data=b"2025-05-03\nThe sea.")
    address = reverse("journal:import-preview", args=[staged])
    other = client_of(cast.ayla)

    read, written = other.get(address, follow=True), other.post(address, {"confirm": "yes"}, follow=True)

    for response in (read, written):
        assert response.redirect_chain == [(reverse("journal:import"), 302)]
        assert "already finished or has expired" in words_of(response)
    assert kept(cast.ayla) == []


@pytest.mark.parametrize(
    ("file_format", "beginning"),
    [("jsonl", '{"dreamed_on": "2025-05-03"'), ("csv", "dreamed_on,title,"), ("txt", "# Dream journal")],
)
def test_export_is_a_file_of_the_whole_journal(
    cast: Cast, mira: Client, file_format: str, beginning: str
) -> None:
    write(cast.mira)
    write(cast.ayla, "Somebody else's.")

    response = mira.get(reverse("journal:export"), {"as": file_format})
    text = response.content.decode()

    day = datetime.now(tz=UTC).date().isoformat()
    assert response.headers["Content-Disposition"] == f'attachment; filename="dreams-{day}.{file_format}"'
    assert text.startswith(beginning)
    assert "The sea came up the lane." in text
    assert "Somebody else" not in text


def test_pages_write_no_word_of_a_dream_into_the_logs(
    cast: Cast, mira: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    canary = "pomegranate weathervane"
    page = mira.post(reverse("journal:new"), {"narrative": canary})
    mira.get(page.url)
    mira.post(reverse("journal:search"), {"words": canary})
    mira.post(reverse("journal:edit", args=[page.url.split("/")[-2]]), {"narrative": "", "title": canary})
    mira.post(reverse("journal:import"), {"text": f"2025-05-03\n{canary} again"}, follow=True)

    assert Dream.objects.count() == 0  # nobody's tenant: the wall holds in the test's own connection
    assert canary not in caplog.text
    assert caplog.text

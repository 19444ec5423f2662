from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from guild.journal import selectors
from guild.journal.records import Draft, Ratings
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.guild.journal_pages import NIGHT, errors_beside, kept, words_of, write

SignIn = Callable[[Membership], Client]


@pytest.fixture
def mira(cast: Cast, client_of: SignIn) -> Client:
    return client_of(cast.mira)


def test_new_with_one_field_keeps_a_dream_of_the_present_night(cast: Cast, mira: Client) -> None:
    response = mira.post(reverse("journal:new"), {"narrative": "  The sea.\r\nThe lane.  "})

    with tenant(dreamer=cast.mira.dreamer_id):
        (dream,) = selectors.recent_dreams_for(cast.mira.dreamer_id, 2)
        tonight = selectors.latest_night_of(cast.mira.dreamer)
    assert response.status_code == 302
    assert response.url == reverse("journal:detail", args=[dream.id])
    assert dream.draft == Draft(narrative="The sea.\nThe lane.", dreamed_on=tonight)


def test_new_with_everything_keeps_everything(cast: Cast, mira: Client) -> None:
    fields = {
        "narrative": "The sea.",
        "title": "Lane",
        "dreamed_on": "2025-05-03",
        "anger": "0",
        "sadness": "",
        "happiness": "4",
        "lucidity": "1",
        "vividness": "2",
        "recall": "3",
        "kind": "daydream",
        "tags": "sea, the lane,sea ,",
        "people": "Ines; Tom",
        "places": "home",
    }

    mira.post(reverse("journal:new"), fields)

    assert kept(cast.mira) == [
        Draft(
            narrative="The sea.",
            dreamed_on=NIGHT,
            title="Lane",
            ratings=Ratings(anger=0, happiness=4),
            lucidity=1,
            vividness=2,
            recall=3,
            kind="daydream",
            tags=("sea", "the lane"),
            people=("Ines", "Tom"),
            places=("home",),
        )
    ]


def test_new_sent_twice_keeps_one(cast: Cast, mira: Client) -> None:
    form_key = mira.get(reverse("journal:new")).context["form"]["form_key"].value()
    fields = {"narrative": "The sea.", "form_key": str(form_key)}

    first, second = (mira.post(reverse("journal:new"), fields) for _ in range(2))

    assert first.url == second.url
    assert len(kept(cast.mira)) == 1


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"narrative": " \n\t"}, "narrative", "Write the dream first: a few words are enough."),
        ({"narrative": "\u200b \u2060"}, "narrative", "Write the dream first: a few words are enough."),
        ({"narrative": "x" * 1_000_000}, "narrative", "500,000 is the most one dream can have"),
        ({"narrative": "a\x00b"}, "narrative", "characters that are not text"),
        ({"narrative": "The sea.", "dreamed_on": "2999-01-01"}, "dreamed_on", "has not begun yet"),
        ({"narrative": "The sea.", "dreamed_on": "yesterday"}, "dreamed_on", "like 2025-05-31"),
        ({"narrative": "The sea.", "title": "x" * 201}, "title", "Keep the title to 200"),
        ({"narrative": "The sea.", "tags": "x" * 61}, "tags", "at most 60 characters"),
        ({"narrative": "The sea.", "anger": "7"}, "anger", "whole number from 0 to 4"),
        ({"narrative": "The sea.", "kind": "vision"}, "kind", "Choose one of the kinds in the list."),
    ],
    ids=[
        "empty",
        "unseen",
        "megabyte",
        "binary",
        "future",
        "no date",
        "long title",
        "long tag",
        "off the scale",
        "no kind",
    ],
)
def test_new_with_bad_input_says_so_beside_the_field_and_loses_nothing(
    cast: Cast, mira: Client, fields: dict[str, str], field: str, sentence: str
) -> None:
    sent = {"title": "kept title", "places": "kept place", **fields}

    response = mira.post(reverse("journal:new"), sent)

    assert response.status_code == 422
    assert sentence in errors_beside(response, field)
    assert {name: response.context["form"][name].value() for name in sent} == sent
    assert kept(cast.mira) == []


@pytest.mark.parametrize("field", ["dreamed_on", "title"])
def test_new_with_an_error_below_the_fold_unfolds_it(mira: Client, field: str) -> None:
    response = mira.post(reverse("journal:new"), {"narrative": "The sea.", field: "9" * 300})

    assert '<details class="fold" open>' in response.content.decode()


@pytest.mark.parametrize("text", ["أنا في البيت.", "😂🙂🏽", "שלום, <b>ים</b> & 'co'"])
def test_new_in_any_script_is_shown_as_it_was_typed(cast: Cast, mira: Client, text: str) -> None:
    response = mira.post(reverse("journal:new"), {"narrative": text}, follow=True)

    assert f'<div class="narrative" dir="auto">{text}</div>' in unescape(response.content.decode())
    assert "<b>ים" not in response.content.decode()


def test_new_for_a_night_of_the_calendar_begins_with_that_night(mira: Client) -> None:
    shown = mira.get(reverse("journal:new"), {"night": "2025-05-03"}).context["form"]["dreamed_on"].value()
    nonsense = mira.get(reverse("journal:new"), {"night": "2025-99-99"})

    assert shown == NIGHT
    assert nonsense.status_code == 200


def test_new_is_kept_as_a_draft_until_it_is_saved(mira: Client) -> None:
    page = mira.get(reverse("journal:new")).content.decode()
    saved = mira.post(reverse("journal:new"), {"narrative": "The sea."}, follow=True).content.decode()

    assert 'data-draft="journal-new"' in page
    assert 'data-draft-saved="journal-new"' in saved


def test_edit_begins_with_what_is_there_and_keeps_what_is_sent(cast: Cast, mira: Client) -> None:
    draft = {"title": "Lane", "ratings": Ratings(sadness=3), "tags": ("sea", "wet"), "recall": 0}
    dream_id = write(cast.mira, **draft)
    address = reverse("journal:edit", args=[dream_id])

    form = mira.get(address).context["form"]
    sent = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    mira.post(address, {**sent, "narrative": "The tide came."})

    assert kept(cast.mira) == [Draft(narrative="The tide came.", dreamed_on=NIGHT, **draft)]


def test_edit_of_a_dream_changed_elsewhere_keeps_the_text_and_may_be_sent_again(
    cast: Cast, mira: Client
) -> None:
    dream_id = write(cast.mira)
    address = reverse("journal:edit", args=[dream_id])
    mira.post(address, {"narrative": "From one window.", "revision": "1"})

    refused = mira.post(address, {"narrative": "From the other.", "revision": "1"})
    again = {"narrative": "From the other.", "revision": refused.context["form"]["revision"].value()}
    accepted = mira.post(address, again)

    assert refused.status_code == 422
    assert "changed in another window" in words_of(refused)
    assert refused.context["form"]["narrative"].value() == "From the other."
    assert accepted.status_code == 302
    assert [draft.narrative for draft in kept(cast.mira)] == ["From the other."]


def test_edit_with_bad_input_changes_nothing(cast: Cast, mira: Client) -> None:
    dream_id = write(cast.mira)

    response = mira.post(reverse("journal:edit", args=[dream_id]), {"narrative": "", "revision": "1"})

    assert "Write the dream first" in errors_beside(response, "narrative")
    assert [draft.narrative for draft in kept(cast.mira)] == ["The sea came up the lane."]


def test_delete_asks_first_and_then_removes(cast: Cast, mira: Client) -> None:
    dream_id = write(cast.mira)
    address = reverse("journal:delete", args=[dream_id])

    asked = mira.get(address)
    before = len(kept(cast.mira))
    done = mira.post(address)

    assert "Delete this dream?" in words_of(asked)
    assert (before, len(kept(cast.mira)), done.url) == (1, 0, reverse("journal:list"))
    assert mira.get(reverse("journal:detail", args=[dream_id])).status_code == 404


@pytest.mark.parametrize("view", ["detail", "edit", "delete", "suggestion"])
@pytest.mark.parametrize("who", ["zed", "ayla"])
def test_somebody_elses_dream_is_not_found_by_any_door(
    cast: Cast, client_of: SignIn, view: str, who: str
) -> None:
    dream_id = write(cast.mira)
    other = client_of(getattr(cast, who))
    address = reverse(f"journal:{view}", args=[dream_id])

    fields = {"narrative": "Mine now.", "emotion": "anger", "revision": "1"}
    answers = [other.post(address, fields).status_code] if view != "detail" else []
    answers += [other.get(address).status_code] if view != "suggestion" else []

    assert set(answers) == {404}
    assert [draft.narrative for draft in kept(cast.mira)] == ["The sea came up the lane."]


def test_nobody_is_sent_to_sign_in(cast: Cast) -> None:
    response = Client().get(reverse("journal:list"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))

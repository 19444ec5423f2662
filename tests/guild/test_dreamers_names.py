from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from guild.dreamers.models import Dreamer
from guild.dreamers.names import validate_name
from guild.tenancy.models import Membership
from tests.cast import Cast

TURNED = "This name holds an unseen sign that turns writing around: type the name again, without it."
BROKEN = "A name is one line: type it again, without a break in it."
UNSEEN = "Nothing of this name can be seen: write one that others can call you by."


@pytest.mark.parametrize("name", ["Mira", "🌙 Mira", "👩\u200d👧", "نیم\u200cفاصله", "Ay\u0308la"])
def test_a_name_in_any_script_and_in_emoji_is_allowed(name: str) -> None:
    assert validate_name(name) is None


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Mira\u202eariM", TURNED),
        ("\u2067Mira", TURNED),
        ("\u200b\u2060", UNSEEN),
        ("\u200d", UNSEEN),
        ("Mira\r\nYour account is closed", BROKEN),
        ("Mira\u2028Ayla", BROKEN),
    ],
)
def test_a_name_that_shows_nothing_or_turns_writing_around_is_refused(name: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_name(name)
    assert refused.value.messages == [sentence]


def test_the_settings_refuse_such_a_name_beside_its_field(
    cast: Cast, client_of: Callable[[Membership], Client]
) -> None:
    settings = {"name": "Mira\u202e", "time_zone": "UTC", "night_turnover_hour": "18", "theme": "system"}
    page = client_of(cast.mira).post("/settings/", settings)
    assert page.context["form"].errors == {"name": [TURNED]}
    assert Dreamer.objects.get(pk=cast.mira.dreamer_id).name == cast.mira.dreamer.name

"""What a value of the law may be: how it is kept, its bounds, and its words."""

import pytest

from governance.policies.law import HOUSE_LAW, Law, read_law, with_values
from governance.policies.parameters import PARAMETERS, ValueRefused
from governance.policies.templates import TEMPLATES, template_behind, template_of

ID, OTHER = "3f2c8a52-7f3d-4c34-9d0b-1f6d0c2a9e11", "0f2c8a52-7f3d-4c34-9d0b-1f6d0c2a9e11"


@pytest.mark.parametrize(
    ("name", "given", "kept", "words"),
    [
        ("individuality_floor", "0.7", "0.70", "70 %"),
        ("individuality_floor", "7e-1", "0.70", "70 %"),
        ("halt_share", "0.01", "0.01", "1 %"),
        ("smallest_group", "07", "7", "7 voices"),
        ("retention_days", "1", "1", "1 day"),
        ("retention_days", "0", "0", "only when its dreamer takes it back"),
        ("term_months", "0", "0", "without an end"),
        ("opens_at", "22:30", "1350", "22:30"),
        ("opens_at", "1350", "1350", "22:30"),
        ("clock", "Europe/Lisbon", "Europe/Lisbon", "Europe/Lisbon"),
        ("hosts", "members", "members", "every member"),
        ("secret_ballots", "true", "true", "secret"),
        ("exchange_partners", f"{ID.upper()}\n{OTHER} {ID}", f"{OTHER} {ID}", f"{OTHER} {ID}"),
        ("exchange_partners", "", "", "all guilds of this house"),
    ],
)
def test_two_ways_to_write_a_value_are_one(name: str, given: str, kept: str, words: str) -> None:
    parameter = PARAMETERS[name]
    assert (parameter.written(given), parameter.words(kept)) == (kept, words)
    assert parameter.written(kept) == kept


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("individuality_floor", "0.29"),
        ("individuality_floor", "1.01"),
        ("individuality_floor", "0.605"),
        ("individuality_floor", "NaN"),
        ("individuality_floor", "Infinity"),
        ("individuality_floor", "much"),
        ("halt_share", "0"),
        ("smallest_group", "1"),
        ("smallest_group", "51"),
        ("smallest_group", "2.0"),
        ("smallest_group", "9" * 5000),
        ("smallest_published", "4"),
        ("experiences_approved_by", "4"),
        ("retention_days", "-1"),
        ("change_hours", "0"),
        ("change_quorum", "0.00"),
        ("sponsors", "21"),
        ("opens_at", "24:00"),
        ("opens_at", "12:60"),
        ("opens_at", "-1"),
        ("opens_at", "noon"),
        ("clock", "Mars/Olympus"),
        ("clock", "../../etc/passwd"),
        ("hosts", "nobody"),
        ("secret_ballots", "yes"),
        ("exchange_partners", "lantern"),
        ("exchange_partners", " ".join(f"{n:08x}{ID[8:]}" for n in range(21))),
    ],
)
def test_a_value_out_of_its_bounds_is_refused_with_a_sentence(name: str, given: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        PARAMETERS[name].written(given)
    assert str(refused.value).endswith(".")
    assert given not in str(refused.value) or len(given) < 3


def test_what_the_house_begins_with_is_within_bounds_and_as_it_is_kept() -> None:
    assert {name: one.written(one.first) for name, one in PARAMETERS.items()} == dict(HOUSE_LAW.values)


def test_every_parameter_stands_in_one_article_and_is_an_attribute_of_the_law() -> None:
    named = [name for template in TEMPLATES.values() for name in template.parameters]
    assert sorted(named) == sorted(PARAMETERS)
    assert {name: template_of(name).name for name in named} == {
        name: template.name for template in TEMPLATES.values() for name in template.parameters
    }
    assert set(PARAMETERS) == set(Law.__dataclass_fields__) - {"values", "forbids"}


def sentence(article: str, **values: str) -> str:
    return TEMPLATES[article].meaning(read_law(with_values(**values)))


@pytest.mark.parametrize(
    ("article", "values", "said"),
    [
        (
            "individuality-floor",
            {"individuality_floor": "0.70"},
            "A blend keeps at least 70 % of what sets any two dreams apart.",
        ),
        ("group", {"smallest_group": "3"}, "A blend is made of at least 3 voices."),
        ("hours", {}, "Sessions may be opened at any time."),
        (
            "hours",
            {"opens_at": "1260", "closes_at": "120"},
            "Sessions may be opened from 21:00 to 02:00, by the clock of UTC.",
        ),
        ("retention", {"retention_days": "30"}, "A lent dream is given back by itself after 30 days."),
        (
            "exchange",
            {"exchange_reach": "house", "exchange_partners": ID},
            "Rituals travel between the colonies of this guild, and with one named guild of this house.",
        ),
        (
            "changing",
            {"sponsors": "0", "change_method": "two_thirds"},
            "A proposal is voted on for 3 days, and passes by at least two thirds of the votes "
            "if 50 % of the members take part.",
        ),
        (
            "experiences",
            {"experiences_approved_by": "1"},
            "A session uses an experience only after 1 enforcer approved it.",
        ),
    ],
)
def test_an_article_says_its_values_in_a_sentence(article: str, values: dict[str, str], said: str) -> None:
    assert sentence(article, **values) == said


def test_a_rule_is_known_by_its_article_and_the_houses_own_by_none() -> None:
    behind = template_behind("lounge-hours")
    assert (behind and behind.name, template_behind("membership-has-ended")) == ("hours", None)

"""Every action of the law x every office x here, formerly and elsewhere, held to the table of decisions."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from governance.policies import engine
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.reasons import UNDECIDED, WHO_MAY
from governance.policies.services import Decision, authorize
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership
from tests.isolation.decisions import DECISIONS
from tests.isolation.law_cast import EVERYBODY, HARBOUR, ITSELF, LANTERN, NOBODY, OFFICES, member

Of = Callable[[Membership], Resource]
NAMES = [f"{action}-{of.__name__}-{number}" for number, (action, of, *_) in enumerate(DECISIONS)]


@dataclass(frozen=True)
class Asked:
    """One line of the table, asked of everybody, and of their guild itself."""

    live: str
    ended: str
    stranger: str


def who_may(action: Action, of: Of, context: Mapping[str, Any]) -> Asked:
    def may(actor: Membership | Guild, resource: Resource) -> bool:
        return authorize(actor=actor, action=action, resource=resource, **context).allowed

    def letters(**kind: Any) -> str:
        actors = {letter: member(office, **kind) for letter, office in OFFICES.items()}
        return "".join(letter for letter, actor in actors.items() if may(actor, of(actor)))

    def itself(guild: Guild) -> str:
        return ITSELF if may(guild, of(member())) else NOBODY

    return Asked(letters() + itself(LANTERN), letters(ended=True), letters(guild=HARBOUR) + itself(HARBOUR))


def actions_of(schema: str) -> set[str]:
    """Every action that a Cedar schema declares."""
    statements = re.sub(r"//[^\n]*", "", schema).split(";")
    named = [
        re.match(r"\s*action\s+(.*?)\s*(?:\bappliesTo\b|\bin\b|$)", one, re.DOTALL) for one in statements
    ]
    return {name.strip(' "\n') for match in named if match for name in match[1].split(",")}


def without_a_line(schema: str, decisions: Iterable[tuple[Any, ...]]) -> set[str]:
    """The actions of a schema that no line of a table is about."""
    return actions_of(schema) - {str(action) for action, *_ in decisions}


def schema_text() -> str:
    return (engine.FOLDER / "schema.cedarschema").read_text()


@pytest.mark.parametrize(("action", "of", "context", "offices"), DECISIONS, ids=NAMES)
def test_every_line_of_the_table(action: Action, of: Of, context: Mapping[str, Any], offices: str) -> None:
    assert who_may(action, of, context) == Asked(live=offices, ended=NOBODY, stranger=NOBODY)


def test_every_line_is_a_question_that_the_law_can_answer() -> None:
    """So that nobody is refused because the table itself asks wrongly."""

    def answers(action: Action, of: Of, context: Mapping[str, Any]) -> list[Decision]:
        actors = (member(), LANTERN)
        return [authorize(actor=one, action=action, resource=of(member()), **context) for one in actors]

    asked = {name: answers(*line[:3]) for name, line in zip(NAMES, DECISIONS, strict=True)}
    refused = [name for name, both in asked.items() if all(one.reasons == (UNDECIDED,) for one in both)]
    assert refused == []


def test_every_action_has_a_line_and_a_sentence_and_a_place_in_the_schema() -> None:
    declared = actions_of(schema_text())
    assert without_a_line(schema_text(), DECISIONS) == set()
    assert {line[0].value for line in DECISIONS} == declared
    assert {action.value for action in Action} == declared
    assert set(WHO_MAY) == set(Action)


def test_every_office_is_asked() -> None:
    assert (set(OFFICES.values()), "".join(OFFICES)) == (set(Office), EVERYBODY)


@pytest.mark.parametrize(
    "declared",
    [
        "action Fly appliesTo { principal: [Member], resource: [Guild], context: {} };",
        "action ViewGuild, Fly\n    appliesTo { principal: [Member], resource: [Guild], context: {} };",
        'action "Fly" in [Everything] appliesTo { principal: [Member], resource: [Guild] };',
        "action Fly;",
    ],
)
def test_an_action_without_a_line_is_found_however_it_is_declared(declared: str) -> None:
    assert without_a_line(f"{schema_text()}\n{declared}\n// action Swim;\n", DECISIONS) == {"Fly"}


@pytest.mark.parametrize("action", Action)
def test_an_action_whose_lines_are_taken_away_is_found(action: Action) -> None:
    others = [line for line in DECISIONS if line[0] is not action]
    assert without_a_line(schema_text(), others) == {action.value}


@pytest.mark.parametrize("number", range(0, len(DECISIONS), 9))
def test_a_line_that_says_otherwise_than_the_law_is_found(number: int) -> None:
    action, of, context, offices = DECISIONS[number]
    assert who_may(action, of, context).live != ("s" if offices == EVERYBODY else EVERYBODY)

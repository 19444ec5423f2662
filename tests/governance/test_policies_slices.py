"""Only what can apply to an action is asked, and only what is new is read; what is decided stays the same."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import cedarpy
import pytest

from governance.offices import powers
from governance.policies import engine, entities
from governance.policies.entities import GuildItself, Principal, Reference, Resource
from governance.policies.enums import Action
from governance.policies.errors import LawBroken
from governance.policies.law import Forbid, Law, law_of, read_law, with_values
from governance.policies.reasons import OF_MEMBERS, RULES
from governance.policies.services import authorize
from governance.policies.slices import kinds_in
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild
from tests.isolation.law_cast import LANTERN, SOMEBODY, a_lounge, anothers_session, member, own_session

FORBIDS = {
    "no-crowds": 'forbid (principal, action == Action::"Blend", resource) '
    "when { context has voices && context.voices > 12 };",
    "not-this-one": 'forbid (principal, action in [Action::"ViewSession", Action::"JoinSession"], resource) '
    "when { resource.halted };",
    "no-leaders": 'forbid (principal in Office::"leader", action in Action::"InviteMember", resource);',
    "figures-of-nine": '// as "Blend"\nforbid (principal, action == Action::"ViewColonyFigures", resource) '
    "unless { context.people >= 9 };",
    "no-open-secrets": 'forbid (principal, action == Action::"Propose", resource) '
    "when { !resource.secret_ballots };",
}

CHANGED = {
    "hosts": "members",
    "invited_by": "members",
    "appointed_by": "vote",
    "opens_at": "09:00",
    "closes_at": "21:00",
    "largest_depth": "0.50",
    "retention_days": "30",
    "exchange_partners": str(SOMEBODY),
}


def a_law(**values: str) -> dict[str, Any]:
    rules = [{"name": name, "text": text} for name, text in FORBIDS.items()]
    return with_values(**values) | {"forbids": rules}


def whole(
    principal: Principal | GuildItself, action: Action, resource: Resource, context: dict
) -> engine.Verdict:
    """The question as it stands in Cedar's book: every policy, and every entity held to the whole schema."""
    documents = [entities.guild_document(principal.guild, principal.law)]
    if isinstance(principal, Principal):
        documents.append(entities.principal_document(principal))
    if resource.type != "Guild" and resource.id != principal.id:
        documents.append(entities.resource_document(resource))
    found = cedarpy.is_authorized(
        {
            "principal": {"type": principal.type, "id": str(principal.id)},
            "action": {"type": "Action", "id": action.value},
            "resource": {"type": resource.type, "id": str(resource.id)},
            "context": entities.context_document(context),
        },
        every_policy(principal.law.forbids),
        documents,
        schema=engine.house().schema,
    )
    if found.diagnostics.errors or found.decision is cedarpy.Decision.NoDecision:
        return engine.UNDECIDED
    names = found.diagnostics.id_annotations_by_reason
    return engine.Verdict(found.allowed, tuple(sorted(names[each] for each in found.diagnostics.reasons)))


_whole: dict[tuple[Forbid, ...], cedarpy.PolicySet] = {}


def every_policy(forbids: tuple[Forbid, ...]) -> cedarpy.PolicySet:
    if forbids not in _whole:
        texts = [path.read_text() for path in engine.policy_files()]
        texts += [f'@id("{OF_MEMBERS}{each.name}")\n{each.text}' for each in forbids]
        _whole[forbids] = cedarpy.PolicySet.from_str("\n".join(texts))
    return _whole[forbids]


def words() -> list[str]:
    """Every text that a policy of the house compares something with."""
    text = "\n".join(path.read_text() for path in engine.policy_files())
    return sorted(set(re.findall(r'[=!]= "(\w*)"', text)))


def cases(question: powers.Question, mine: Principal, states: list[str]) -> Iterator[tuple[Resource, dict]]:
    """A question in both weathers about somebody else's, and in one about one's own in every state."""
    for resource, context in powers._cases(LANTERN, question):
        yield resource, context
    texts = "" in [*resource.attributes.values(), *context.values()]
    for word in states if texts else [""]:
        attributes = {name: _own(value, mine, word) for name, value in resource.attributes.items()}
        named = {name: word if value == "" else value for name, value in context.items()}
        identity = mine.id if resource.type == "Member" else resource.id
        yield replace(resource, id=identity, attributes=attributes), named


def _own(value: Any, mine: Principal, word: str) -> Any:
    if isinstance(value, Reference):
        return Reference(value.type, mine.dreamer if value.type == "Dreamer" else mine.id)
    if isinstance(value, list):
        return [Reference("Member", mine.id)]
    return word if value == "" else value


def principal(law: Law, *offices: Office, live: bool = True) -> Principal:
    held = tuple(office.value for office in offices)
    return Principal(id=powers._ME, dreamer=powers._ME, guild=LANTERN.id, offices=held, live=live, law=law)


def question_askers(question: powers.Question) -> set[str]:
    """The kinds of those who may ask it."""
    if question.action in (Action.APPROVE_EXPERIENCE, Action.USE_EXPERIENCE):
        return {"Member", "Guild"}
    return {"Guild"} if question.by_guild else {"Member"}


def askers(law: Law) -> list[Principal | GuildItself]:
    return [
        principal(law, Office.DREAMER),
        principal(law, *Office),
        principal(law, *Office, live=False),
        GuildItself(guild=LANTERN.id, law=law),
    ]


def test_what_can_apply_decides_as_everything_does() -> None:
    law = read_law(a_law(**CHANGED))
    busiest = principal(law, *Office)
    rules: set[str] = set()
    for question, asker in product(powers.questions(), askers(law)):
        if asker.type not in question_askers(question):
            continue
        for resource, context in cases(question, principal(law), words() if asker == busiest else [""]):
            answer = engine.decide(
                principal=asker, action=question.action, resource=resource, context=context
            )
            assert answer == whole(asker, question.action, resource, context), (question, resource, context)
            rules |= set(answer.rules)
    assert {f"forbid:{name}" for name in FORBIDS} <= rules
    assert len(rules & set(RULES)) > 80  # the table of decisions asks about the rest


def test_few_policies_are_asked_of_each_action() -> None:
    forbids = law_of(Guild(law=a_law())).forbids
    plain = {action: len(engine.rules_on(action, ())) for action in Action}
    heard = {action: len(engine.rules_on(action, forbids)) - plain[action] for action in Action}
    assert max(plain.values()) < 10 < len(engine.house().rules)
    assert {action.value: more for action, more in heard.items() if more} == {
        "Blend": 1,
        "ViewSession": 1,
        "JoinSession": 1,
        "InviteMember": 1,
        "ViewColonyFigures": 1,
        "Propose": 1,
    }


def test_what_is_known_already_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    actor = member(Office.ARCHITECT, guild=Guild(id=LANTERN.id, law=a_law(individuality_floor="0.61")))
    asked: dict[str, Any] = {"actor": actor, "action": Action.BLEND, "retention": 0.7, "voices": 4}
    assert authorize(resource=own_session(actor), **asked).allowed

    def read(*given: object) -> None:
        raise ValueError("read again")

    monkeypatch.setattr(engine, "policies", read)
    monkeypatch.setattr(engine, "guild_document", read)
    monkeypatch.setattr(engine, "principal_document", read)
    assert authorize(resource=own_session(actor), **asked).allowed
    assert not authorize(resource=anothers_session(actor), **asked).allowed


def test_another_office_or_another_law_is_asked_anew() -> None:
    actor = member(Office.ARCHITECT, guild=Guild(id=LANTERN.id, law={}))
    opens: dict[str, Any] = {"action": Action.OPEN_SESSION, "resource": a_lounge(actor), "minute": 600}

    def may_open() -> bool:
        return authorize(actor=actor, **opens).allowed

    answers = [may_open()]
    actor.offices = [Office.DREAMER.value]
    answers.append(may_open())
    actor.guild.law = with_values(hosts="members")
    answers.append(may_open())
    text = 'forbid (principal, action == Action::"OpenSession", resource);'
    actor.guild.law = with_values(hosts="members") | {"forbids": [{"name": "never", "text": text}]}
    answers.append(may_open())
    actor.guild.law = {}
    answers.append(may_open())
    assert answers == [True, False, True, False, False]


@pytest.mark.parametrize(
    "text",
    [
        "forbid (principal, action, resource);",
        'forbid (principal, action == Action::"Blend", resource); forbid (principal, action, resource);',
    ],
)
def test_a_rule_that_names_no_action_is_heard_on_all(text: str) -> None:
    assert {
        len(engine.rules_on(each, (Forbid("all", text),))) - len(engine.rules_on(each, ())) for each in Action
    } == {text.count("forbid")}


def test_a_rule_that_cannot_be_read_denies_everything() -> None:
    law = {"forbids": [{"name": "broken", "text": "forbid (principal"}]}
    actor = member(guild=Guild(id=LANTERN.id, law=law))
    decision = authorize(actor=actor, action=Action.VIEW_GUILD, resource=entities.guild(LANTERN.id))
    assert not decision.allowed


def test_another_guilds_resource_under_ones_own_id_is_a_denial() -> None:
    actor = member()
    twin = entities.member(id=actor.id, guild=SOMEBODY, dreamer=SOMEBODY, live=True)
    assert not authorize(actor=actor, action=Action.LEAVE_GUILD, resource=twin).allowed


def test_no_action_stands_in_another() -> None:
    schema = "entity Guild;\naction Read;\naction Look in [Read]\n    appliesTo { principal: Guild };\n"
    with pytest.raises(LawBroken, match="Look"):
        kinds_in(schema)
    assert kinds_in("entity Guild;\naction Read;\n// action, once;\n") == "entity Guild;\n// action, once;\n"

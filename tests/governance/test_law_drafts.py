"""A change of the law as it is drafted: what it may say, and what is refused with which sentence."""

from typing import Any

import pytest

from governance.policies.drafts import MOST_FORBIDS, Draft, DraftRefused, Line, applied, lines, read
from governance.policies.enums import PROTECTED
from governance.policies.law import HOUSE_LAW, Forbid, read_law, with_values

NO_NIGHTS = 'forbid (principal, action == Action::"OpenSession", resource);'


def rule(text: str, name: str = "mine") -> dict[str, Any]:
    return {"forbids": [{"name": name, "text": text}]}


def refusal(document: Any) -> DraftRefused:
    with pytest.raises(DraftRefused) as refused:
        applied(HOUSE_LAW, read(document))
    assert str(refused.value).strip()
    return refused.value


def test_a_draft_is_kept_as_the_law_keeps_it() -> None:
    draft = read({"values": {"individuality_floor": " 0.7 ", "opens_at": "22:30"}, **rule(f" {NO_NIGHTS} ")})
    assert draft == Draft(
        (("individuality_floor", "0.70"), ("opens_at", "1350")), (Forbid("mine", NO_NIGHTS),), ()
    )
    assert read(draft.document) == draft


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("permit (principal, action, resource);", "Members can forbid"),
        ('permit (principal, action == Action::"EnactLaw", resource);', "Members can forbid"),
        ("forbid (principal, action, resource);", "Name what is forbidden"),
        ('forbid (principal, action, resource) when { action == Action::"Blend" };', "Name what is forb"),
        (f"{NO_NIGHTS} {NO_NIGHTS}", "one rule at a time"),
        (f"{NO_NIGHTS} permit (principal, action, resource);", "one rule at a time"),
        ('forbid (principal == ?principal, action == Action::"Blend", resource);', "one rule at a time"),
        (f'@id("membership-has-ended") {NO_NIGHTS}', "annotations"),
        (f'@x("y") {NO_NIGHTS}', "annotations"),
        ("", "rule"),
        ("// nothing", "one rule at a time"),
        ("let us be kind", "cannot be read"),
        ('forbid (principal, action == Action::"Fly", resource);', "does not fit"),
        (NO_NIGHTS.replace(";", " when { resource.colour == 1 };"), "does not fit"),
        (NO_NIGHTS.replace(";", ' when { context.minute > "9" };'), "does not fit"),
        (NO_NIGHTS.replace(";", f" when {{ 1 == {'1' * 2000} }};"), "at most 2,000"),
        (NO_NIGHTS.replace(";", f" when {{ {'(' * 900}true{')' * 900} }};"), "at most 100 brackets"),
        (NO_NIGHTS.replace(";", f" when {{ 1 == {'[' * 900}{']' * 900} }};"), "at most 100 brackets"),
        (NO_NIGHTS.replace(";", f" when {{ {'1+' * 900}1 == 1 }};"), "too much at once"),
        (NO_NIGHTS.replace(";", f" when {{ {'1+' * 60}1 == 1 }};"), "too much at once"),
    ],
)
def test_a_rule_that_may_not_become_law_is_refused(text: str, says: str) -> None:
    refused = refusal(rule(text))
    assert refused.field == "forbids"
    assert says in str(refused)


@pytest.mark.parametrize("action", sorted(PROTECTED))
def test_nobodys_way_out_is_forbidden(action: str) -> None:
    for head in (
        f'== Action::"{action}"',
        f'in [Action::"Blend", Action::"{action}"]',
        f'in Action::"{action}"',
    ):
        assert f"Nobody may forbid {action}" in str(
            refusal(rule(f"forbid (principal, action {head}, resource);"))
        )


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"permits": []}, "document"),
        ({"values": [1]}, "document"),
        ({"forbids": {}}, "document"),
        ({"repealed": 4}, "document"),
        ({"forbids": "permit"}, "document"),
        ({"repealed": "mine"}, "document"),
        ({}, "document"),
        ({"values": {}, "forbids": [], "repealed": []}, "document"),
        ({"values": {"individuality_floor": "0.01"}}, "individuality_floor"),
        ({"values": {"individuality_floor": None}}, "individuality_floor"),
        ({"values": {"law": "1"}}, "values"),
        ({"forbids": ["permit"]}, "forbids"),
        ({"forbids": [{"name": "mine"}]}, "forbids"),
        ({"forbids": [{"name": "mine", "text": NO_NIGHTS, "effect": "permit"}]}, "forbids"),
        (rule(NO_NIGHTS, "Mine"), "forbids"),
        (rule(NO_NIGHTS, 'x")permit'), "forbids"),
        (rule(NO_NIGHTS, "mine\n"), "forbids"),
        ({"forbids": rule(NO_NIGHTS)["forbids"] * 2}, "forbids"),
        ({"repealed": ["nothing-such"]}, "repealed"),
        ({"values": {"individuality_floor": "0.6"}}, "document"),
        (rule(NO_NIGHTS + ' // "\0"'), "document"),
        ({"repealed": ["\ud800"]}, "document"),
        ({"values": {"\ud800": "1"}}, "document"),
        ({"\ud800": []}, "document"),
        ({"repealed": [[[[[]]]]]}, "document"),
    ],
)
def test_a_crafted_document_names_what_to_mend(document: dict[str, Any], field: str) -> None:
    assert refusal(document).field == field


@pytest.mark.parametrize("document", [None, [], "values", 4])
def test_a_document_that_is_none_is_refused(document: Any) -> None:
    assert refusal(document).field == "document"


def test_a_rule_is_added_once_and_repealed_by_name() -> None:
    law = applied(HOUSE_LAW, read(rule(NO_NIGHTS)))
    assert law.forbids == (Forbid("mine", NO_NIGHTS),)
    with pytest.raises(DraftRefused, match="already"):
        applied(law, read(rule(NO_NIGHTS)))
    assert applied(law, read({"repealed": ["mine", "mine"]})) == HOUSE_LAW
    other = NO_NIGHTS.replace("OpenSession", "Blend")
    assert applied(law, read(rule(other) | {"repealed": ["mine"]})).forbids == (Forbid("mine", other),)


def test_a_guild_has_so_many_rules_and_no_more() -> None:
    full = [{"name": f"rule-{number}", "text": NO_NIGHTS} for number in range(MOST_FORBIDS)]
    law = applied(HOUSE_LAW, read({"forbids": full}))
    with pytest.raises(DraftRefused, match="at most 20 rules"):
        applied(law, read(rule(NO_NIGHTS)))


def test_what_changes_is_told_in_the_order_of_the_constitution() -> None:
    law = applied(HOUSE_LAW, read(rule(NO_NIGHTS, "old")))
    draft = read(
        {"values": {"smallest_group": "3", "individuality_floor": "0.70", "hosts": "architects"}}
        | rule(NO_NIGHTS, "new")
        | {"repealed": ["old"]}
    )
    assert lines(law, draft) == [
        Line(
            "individuality-floor", "How much of what sets two dreams apart must a blend keep?", "60 %", "70 %"
        ),
        Line("group", "How many voices does a blend need?", "2 voices", "3 voices"),
        Line("", "Rule “old” falls", NO_NIGHTS, ""),
        Line("", "Rule “new”", "", NO_NIGHTS),
    ]


def test_the_text_of_a_law_does_not_depend_on_how_it_came_to_be() -> None:
    one, two = {"name": "one", "text": NO_NIGHTS}, {"name": "two", "text": NO_NIGHTS}
    first = read_law({"forbids": [one, two]})
    second = read_law({"values": dict(HOUSE_LAW.values), "forbids": [two, one]})
    assert first.text == second.text
    assert read_law(first.document).text == first.text
    assert read_law(with_values(hosts="members")).text != HOUSE_LAW.text
    assert read_law({"forbids": [one]}).text != read_law({"forbids": [one | {"text": NO_NIGHTS + " "}]}).text

"""The registry of purposes: complete, never edited in place, and the source of the record of processing."""

import ast
from functools import cache
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from governance.consent import house, processing_record
from governance.consent.enums import Purpose
from governance.consent.purposes import NOTICES, REGISTRY, Unregistered, registered
from governance.consent.vocabulary import GDPR, STATE
from tests.cast import Cast

ROOT = Path(__file__).resolve().parents[2]
PARTIES = {"controller", "processor", "authority"}
SHOWN = {
    ("share_in_session", 1, "fc3d37cd029f3f8d1476967a3dc605382acd7d83f08f5a0682fe00a2c1142700"),
    ("share_in_session", 2, "7bfc2cff9bfae9704b602ae8e00ad537f6b266a210c672377ee80d0ff7e6e174"),
    ("blend", 1, "8d19e4795a035784106dcac1a47bd8af93bfde1b2798d74337d1bad80349cbff"),
    ("quote", 1, "9fa3a9b1f1e51c57b7060ebed481021798a21640cb1954edcf30060e1a63a6be"),
    ("publish_to_guild", 1, "41915a20aa97f0563054b7b08996bd5fbb54b0cadff47ec9434446fe9dbe14e3"),
    ("publish_beyond", 1, "7fe81c8cdde4e0e49b3459fc3e304c09a9b9080ac08dcb097b2a4b5f75816e47"),
    ("exchange", 1, "1cdafab08615652f0705d1e224b332c3ca8560da0baebafea62526877cea2465"),
    ("research_aggregate", 1, "ae6be0b375e36f455760a4162574d16bc6ce17bb50d481853f0ec9d84d2da085"),
    ("comparison", 1, "b006dc05f3d250ea649168a1f6d4c375f0ae4adcdd2adebcdc7733d632faa822"),
    ("reminders", 1, "13fa0774d293d35a98b5e2d3e2585c08e80dce08a6ba2e2dfb65346f7f7cc351"),
}
"""Every text that was ever shown. A changed text is a new version: add its line, and keep the old ones."""
PARENTS = {
    Purpose.SHARE_IN_SESSION: "ServiceProvision",
    Purpose.BLEND: "ServiceProvision",
    Purpose.QUOTE: "ServiceProvision",
    Purpose.PUBLISH_TO_GUILD: "ServiceProvision",
    Purpose.PUBLISH_BEYOND: "ServiceProvision",
    Purpose.EXCHANGE: "ServiceProvision",
    Purpose.RESEARCH_AGGREGATE: "NonCommercialResearch",
    Purpose.COMPARISON: "NonCommercialResearch",
    Purpose.REMINDERS: "Personalisation",
}


@cache
def sources() -> tuple[ast.AST, ...]:
    """Every module of ours that names a purpose, parsed once."""
    paths = [path for wing in ("guild", "governance", "lounges") for path in (ROOT / wing).rglob("*.py")]
    texts = [path.read_text() for path in paths if "migrations" not in path.parts]
    return tuple(ast.parse(text) for text in texts if "Purpose." in text)


def purpose_named(node: ast.AST) -> str | None:
    """The member in `Purpose.MEMBER`."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Purpose":
        return node.attr
    return None


def test_every_purpose_named_anywhere_in_the_code_is_registered() -> None:
    named = {purpose_named(node) for tree in sources() for node in ast.walk(tree)} - {None}
    members = named & {purpose.name for purpose in Purpose}
    assert members  # the scan finds what it looks for
    assert {Purpose[name] for name in members} <= set(REGISTRY)
    assert named - members <= {"choices", "values", "labels", "names"}


def test_whatever_passes_the_gate_is_said_to_be_in_use() -> None:
    opened = {
        purpose_named(keyword.value)
        for tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "open_for"
        for keyword in node.keywords
        if keyword.arg == "purpose"
    } - {None}
    assert {"BLEND", "SHARE_IN_SESSION"} <= opened
    assert {Purpose[name] for name in opened} <= {
        entry.purpose for entry in REGISTRY.values() if entry.in_use
    }


def test_every_purpose_is_registered_under_its_parent() -> None:
    assert {
        purpose: entry.dpv.removeprefix("https://w3id.org/dpv#") for purpose, entry in REGISTRY.items()
    } == PARENTS
    assert set(PARENTS) == set(Purpose)
    for entry in REGISTRY.values():
        assert entry.title
        assert entry.done
        assert entry.processing
        assert entry.categories
        assert entry.recipients
        assert entry.retention


def test_a_purpose_that_is_not_registered_is_an_error() -> None:
    with pytest.raises(Unregistered):
        registered("marketing")  # type: ignore[arg-type]


def test_no_text_was_edited_in_place() -> None:
    assert {(purpose.value, notice.version, digest) for digest, (purpose, notice) in NOTICES.items()} == SHOWN


def test_the_states_are_those_of_the_vocabulary() -> None:
    assert STATE["given"] == "https://w3id.org/dpv#ConsentGiven"
    assert STATE["deferred"] == "https://w3id.org/dpv#ConsentRequestDeferred"
    assert len(set(STATE.values())) == 10


def test_the_record_of_processing_has_every_purpose_and_nothing_else(cast: Cast) -> None:
    record = processing_record.record(
        REGISTRY.values(),
        controller=house.controller(cast.lantern),
        processor=house.processor(),
        authority=house.authority(),
        stored_in="a cellar",
        jurisdiction="EU",
    )
    said = processing_record.as_json(record)
    assert [activity["purpose"] for activity in said["activities"]] == [purpose.value for purpose in REGISTRY]
    assert all(said[party]["name"] and said[party]["contact"] for party in PARTIES)
    blend = next(activity for activity in said["activities"] if activity["purpose"] == "blend")
    assert blend == {
        "@type": "dpv:Process",
        "purpose": "blend",
        "title": "Blend it with the others",
        "purpose_type": "https://w3id.org/dpv#ServiceProvision",
        "in_use": True,
        "asked_of": "each lent dream",
        "lawful_basis": f"{GDPR}A9-2-a",
        "processing": [f"https://w3id.org/dpv#{term}" for term in ("Analyse", "Combine", "Store")],
        "data_subjects": "dreamers who are or were members of the guild",
        "categories": list(REGISTRY[Purpose.BLEND].categories),
        "special_category": True,
        "recipients": ["members who joined the session"],
        "retention": REGISTRY[Purpose.BLEND].retention,
        "notice": {"version": 1, "digest": REGISTRY[Purpose.BLEND].notice.digest},
    }


def test_members_read_the_record_and_strangers_do_not(cast: Cast, client: Client) -> None:
    client.force_login(cast.finn.dreamer)
    page = client.get(reverse("processing:page", args=["lantern"])).text
    assert all(entry.title in page for entry in REGISTRY.values())
    answer = client.get(reverse("processing:json", args=["lantern"]))
    assert answer.headers["Content-Type"] == "application/ld+json"
    assert answer.json() == client.get(reverse("api-processing", args=["lantern"])).json()
    client.force_login(cast.zed.dreamer)
    assert client.get(reverse("processing:page", args=["lantern"])).status_code == 404

"""A vote that anybody can count again, from its file alone."""

import json
from collections.abc import Callable
from copy import deepcopy
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db.backends.base.base import BaseDatabaseWrapper

from governance.deliberation.choices import commitment
from governance.deliberation.counts import export_of
from governance.deliberation.errors import NotNow
from guild.tenancy.context import tenant
from tests.cast import Cast
from tests.governance.deliberating import ended, opened, ranked, vote

Json = dict[str, Any]


def exported(proposal: Any) -> Json:
    with tenant(guild=proposal.guild_id):
        return json.loads(json.dumps(export_of(proposal)))


@pytest.fixture
def open_vote(cast: Cast) -> Json:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    for member, choice in ((cast.mira, "yes"), (cast.finn, "no"), (cast.lara, "yes"), (cast.finn, "abstain")):
        vote(proposal, member, choice)
    return exported(ended(proposal))


@pytest.fixture
def secret_vote(cast: Cast) -> Json:
    proposal = opened(cast.mira, [cast.finn, cast.lara], secret=True)
    for member, choice in ((cast.mira, "yes"), (cast.finn, "no"), (cast.lara, "no"), (cast.finn, "yes")):
        vote(proposal, member, choice)
    return exported(ended(proposal))


def recounted(document: Any, folder: Path, **options: Any) -> tuple[int, str]:
    """What the command said, and its exit code; with no database to be reached."""
    file, said = folder / "vote.json", StringIO()
    file.write_text(json.dumps(document))
    with mock.patch.object(BaseDatabaseWrapper, "cursor", side_effect=AssertionError("offline")):
        try:
            call_command("recount", str(file), stdout=said, **options)
        except SystemExit as ended:
            return int(str(ended.code)), said.getvalue()
    return 0, said.getvalue()


def test_an_open_vote_is_counted_again_from_its_file(open_vote: Json, tmp_path: Path) -> None:
    code, said = recounted(open_vote, tmp_path)
    assert (code, said.splitlines()[1:]) == (
        0,
        [
            "  Who could vote               5",
            "  Who voted                    3 (60 %)",
            "  Yes                          2",
            "  No                           0",
            "  Abstain                      1",
            "  Yes, of yes and no           1 (100 %)",
            "  Result                       It passed.",
            "",
            "Everything agrees: every commitment opens, and the log holds every leaf.",
        ],
    )


def test_a_secret_vote_is_counted_again_and_names_nobody(secret_vote: Json, tmp_path: Path) -> None:
    assert recounted(secret_vote, tmp_path)[0] == 0
    ballots = secret_vote["vote"]["ballots"]
    assert {one["voter"] for one in ballots} == {None}
    assert sorted((one["superseded"], str(one["choice"])) for one in ballots) == [
        (False, "no"),
        (False, "yes"),
        (False, "yes"),
        (True, "None"),
    ]


def test_a_ranked_vote_is_counted_again(cast: Cast, tmp_path: Path) -> None:
    said = {"method": ranked().method, "options": ranked().options}
    proposal = opened(cast.mira, [cast.finn, cast.lara], **said)
    for member in (cast.mira, cast.finn, cast.lara):
        vote(proposal, member, "1>0=2")
    code, said = recounted(exported(ended(proposal)), tmp_path)
    assert (code, "“Thursday” won." in said) == (0, True)


def with_choice(document: Json) -> None:
    """Another choice, with a commitment that fits it."""
    ballot = document["vote"]["ballots"][0]
    ballot["choice"] = "no" if ballot["choice"] == "yes" else "yes"
    made = {"choice": ballot["choice"], "nonce": bytes.fromhex(ballot["nonce"])}
    from uuid import UUID

    ballot["commitment"] = commitment(proposal=UUID(document["vote"]["proposal"]), **made)


def swap(document: Json) -> None:
    document["vote"]["ballots"][0]["choice"] = "no"
    document["vote"]["ballots"][0]["nonce"] = "00" * 32


def drop(document: Json) -> None:
    document["vote"]["ballots"].pop()


def twice(document: Json) -> None:
    document["vote"]["ballots"].append(deepcopy(document["vote"]["ballots"][0]))


def flip(document: Json) -> None:
    document["vote"]["outcome"]["result"] = "failed"


def lower(document: Json) -> None:
    document["vote"]["rules"]["quorum"] = "0.9000"


def uninvited(document: Json) -> None:
    document["vote"]["eligible"].append({"pseudonym": "x", "voted": False, "left": False})


def retitled(document: Json) -> None:
    document["vote"]["title"] = "Something else"


def unproven(document: Json) -> None:
    document["log"]["leaves"].pop()


def rewritten(document: Json) -> None:
    document["log"]["leaves"][1]["entry"] = document["log"]["leaves"][2]["entry"]


def no_vote(document: Json) -> None:
    del document["vote"]


@pytest.mark.parametrize(
    "manipulation",
    [with_choice, swap, drop, twice, flip, lower, uninvited, retitled, unproven, rewritten, no_vote],
)
def test_a_file_that_was_tampered_with_does_not_agree(
    open_vote: Json, tmp_path: Path, manipulation: Callable[[Json], None]
) -> None:
    manipulation(open_vote)
    code, said = recounted(open_vote, tmp_path)
    assert (code, "This does not agree:" in said) == (1, True)


def test_a_file_signed_by_another_key_than_the_noted_one_does_not_agree(
    open_vote: Json, secret_vote: Json, tmp_path: Path
) -> None:
    vkey = open_vote["log"]["vkey"]
    assert recounted(open_vote, tmp_path, vkey=vkey)[0] == 0
    name, key_id, material = vkey.split("+", 2)
    other = material[:-6] + ("AAAAA=" if material[-6:] != "AAAAA=" else "BBBBB=")
    assert recounted(open_vote, tmp_path, vkey=f"{name}+{key_id}+{other}")[0] == 1


def test_what_is_no_file_of_a_vote_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "vote.json").write_text("no json")
    with pytest.raises(CommandError, match="is no JSON"):
        call_command("recount", str(tmp_path / "vote.json"))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("recount", str(tmp_path / "none.json"))


def test_a_vote_that_is_not_counted_yet_is_not_exported(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    with tenant(guild=proposal.guild_id), pytest.raises(NotNow, match="not been counted"):
        export_of(proposal)

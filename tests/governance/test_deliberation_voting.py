"""Ballots: who may cast one, when, and that a voter has one alone."""

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from governance.deliberation import receipts, turning, voting
from governance.deliberation.choices import commitment
from governance.deliberation.errors import NotNow, Unfit
from governance.deliberation.models import Ballot, Count, Eligible, Objection, Receipt
from governance.deliberation.receipts import Kept
from governance.ledger.enums import LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.policies.errors import Denied
from guild.tenancy import services as tenancy
from guild.tenancy.context import tenant
from tests.cast import Cast, join
from tests.governance.deliberating import (
    again,
    at,
    ended,
    give_law,
    inside,
    opened,
    proposed,
    ranked,
    rows,
    sponsored,
    vote,
)


def cast_leaves(guild: Any) -> list[Any]:
    with tenant(guild=guild.pk):
        found = Leaf.objects.filter(kind=LeafKind.BALLOT_CAST.value).order_by("index")
        return [decode(bytes(leaf.entry)) for leaf in found]


def test_a_changed_ballot_is_one_ballot_that_says_it_was_changed(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    first = vote(proposal, cast.finn, "yes")
    assert vote(proposal, cast.finn, "yes").changed is False
    second = vote(proposal, cast.finn, "no")
    (ballot,) = rows(proposal.guild_id, Ballot)
    assert (ballot.choice, ballot.changes, ballot.leaf) == ("no", 1, second.leaf)
    assert ballot.cast_at < ballot.changed_at
    assert [leaf.detail["supersedes"] for leaf in cast_leaves(cast.lantern)] == ["", str(first.leaf)]


def test_the_log_holds_a_commitment_and_not_the_choice(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    made = vote(proposal, cast.finn, "abstain")
    (leaf,) = cast_leaves(cast.lantern)
    expected = commitment(proposal=proposal.pk, choice="abstain", nonce=bytes.fromhex(made.nonce))
    assert (leaf.actor, leaf.subjects) == (cast.finn.pseudonym, (str(proposal.pk), str(made.ballot)))
    assert leaf.detail == {"commitment": expected, "supersedes": ""}


def test_a_ballot_at_the_very_moment_of_closing_is_late(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    with at(proposal.closes_at - timedelta(microseconds=1)):
        vote(proposal, cast.finn, "yes")
    with at(proposal.closes_at), pytest.raises(NotNow, match="being counted"):
        vote(proposal, cast.lara, "yes")
    ended(proposal)
    with pytest.raises(NotNow, match="has ended"):
        vote(proposal, cast.lara, "yes")


def test_a_vote_ends_at_its_closing_time_and_not_before(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    assert ended(proposal, after=-timedelta(microseconds=1)).state == "open"
    assert ended(proposal).state == "closed"


def test_a_ballot_before_voting_opens_is_refused(cast: Cast) -> None:
    for proposal in (proposed(cast.mira), sponsored(cast.mira, [cast.finn, cast.lara])):
        with pytest.raises(NotNow, match="not opened yet"):
            vote(proposal, cast.finn, "yes")


def test_whoever_came_after_voting_opened_has_no_vote_and_is_told_why(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    newcomer = join(cast.lantern, "Nora")
    with pytest.raises(Denied, match="not a member when voting on this opened"):
        vote(proposal, newcomer, "yes")


def test_whoever_has_left_has_no_vote(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    with tenant(guild=cast.lantern.pk):
        tenancy.end_membership(membership=cast.finn)
    with pytest.raises(Denied, match="membership of this guild has ended"):
        vote(proposal, cast.finn, "yes")


def test_a_stranger_finds_no_such_proposal(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    with inside(cast.zed), pytest.raises(Exception, match="does not exist"):
        voting.cast(proposal=proposal, by=cast.zed, choice="yes")
    with inside(cast.finn), pytest.raises(Exception, match="does not exist"):
        voting.cast(proposal=proposal, by=cast.zed, choice="yes")
    assert rows(proposal.guild_id, Ballot) == []


def test_a_member_who_leaves_is_taken_out_of_the_count(cast: Cast) -> None:
    give_law(cast.lantern, change_quorum="0.50")
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    for member, choice in ((cast.mira, "yes"), (cast.finn, "no"), (cast.lara, "no"), (cast.ezra, "yes")):
        vote(proposal, member, choice)
    with tenant(guild=cast.lantern.pk):
        tenancy.end_membership(membership=cast.finn)
    assert ended(proposal).result == "passed"


@pytest.mark.parametrize("choice", ["", "maybe", "consent", "0>1", "YES"])
def test_what_is_no_choice_is_refused(cast: Cast, choice: str) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    with pytest.raises(Unfit, match="Choose one"):
        vote(proposal, cast.finn, choice)


def test_a_ranking_names_each_option_once(cast: Cast) -> None:
    said = {"method": ranked().method, "options": ranked().options}
    proposal = opened(cast.mira, [cast.finn, cast.lara], **said)
    for choice in ("0>3", "0>0", "1=0", "yes"):
        with pytest.raises(Unfit, match="a place"):
            vote(proposal, cast.finn, choice)
    for member in (cast.finn, cast.lara, cast.mira):
        vote(proposal, member, "2>0=1")
    assert ended(proposal).result == "passed"


def test_the_database_takes_one_ballot_a_member(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    vote(proposal, cast.finn, "yes")
    with tenant(guild=cast.lantern.pk):
        twin = Ballot.objects.get()
        twin.pk, twin.leaf = uuid4(), twin.leaf + 1_000
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)


@pytest.mark.parametrize("is_secret", [False, True])
def test_two_ballots_at_once_are_one(live_cast: Cast, is_secret: bool) -> None:
    proposal = opened(live_cast.mira, [live_cast.finn, live_cast.lara], secret=is_secret)
    refused: list[Exception] = []

    def press(choice: str) -> None:
        try:
            vote(proposal, live_cast.finn, choice)
        except (NotNow, Unfit, IntegrityError) as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(choice,)) for choice in ("yes", "no", "yes", "no")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counting = [ballot for ballot in rows(proposal.guild_id, Ballot) if not ballot.superseded]
    assert (len(counting), refused) == (1, [])


def test_two_workers_at_once_count_once(live_cast: Cast) -> None:
    proposal = opened(live_cast.mira, [live_cast.finn, live_cast.lara])
    vote(proposal, live_cast.finn, "yes")
    moved: list[bool] = []

    def work() -> None:
        try:
            moved.append(turning.turn(guild=proposal.guild_id, proposal=proposal.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    with at(proposal.closes_at):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (sorted(moved), len(rows(proposal.guild_id, Count))) == ([False, False, True], 1)


def objected(cast: Cast) -> Any:
    proposal = opened(cast.mira, [cast.finn, cast.lara], method="consent")
    for member in (cast.mira, cast.lara):
        vote(proposal, member, "consent")
    vote(proposal, cast.finn, "object", reason="The bell rings at ten.")
    return proposal


def test_an_objection_needs_a_reason(cast: Cast) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara], method="consent")
    with pytest.raises(Unfit) as refused:
        vote(proposal, cast.finn, "object")
    assert refused.value.field == "reason"
    assert rows(proposal.guild_id, Ballot) == []


def test_a_standing_objection_stops_what_all_others_consent_to(cast: Cast) -> None:
    assert ended(objected(cast)).result == "failed"


def test_an_objection_that_was_answered_and_lifted_stops_nothing(cast: Cast) -> None:
    proposal = objected(cast)
    (objection,) = rows(proposal.guild_id, Objection)
    objection.proposal = proposal
    with inside(cast.lara), pytest.raises(Denied):
        voting.answer(objection=objection, by=cast.lara, text="It will be muffled.")
    with inside(cast.mira):
        voting.answer(objection=objection, by=cast.mira, text="It will be muffled.")
    vote(proposal, cast.finn, "consent")
    (lifted,) = rows(proposal.guild_id, Objection)
    assert (lifted.reason, lifted.answer, lifted.lifted_at is None) == (
        "The bell rings at ten.",
        "It will be muffled.",
        False,
    )
    assert ended(proposal).result == "passed"


def secretly(cast: Cast) -> Any:
    return opened(cast.mira, [cast.finn, cast.lara], secret=True)


def test_a_secret_ballot_names_nobody_and_no_time(cast: Cast) -> None:
    proposal = secretly(cast)
    made = vote(proposal, cast.finn, "no")
    (ballot,) = rows(proposal.guild_id, Ballot)
    assert (ballot.member, ballot.cast_at, ballot.changed_at) == (None, None, None)
    (leaf,) = cast_leaves(cast.lantern)
    assert (leaf.actor, leaf.subjects) == ("system", (str(proposal.pk), str(made.ballot)))
    voted = [one.pseudonym for one in rows(proposal.guild_id, Eligible) if one.voted]
    assert voted == [cast.finn.pseudonym]
    ids = {str(one.pk) for one in rows(proposal.guild_id, Eligible)} | {str(cast.finn.pseudonym)}
    assert str(ballot.pk) not in ids


def test_the_law_makes_every_vote_secret_but_one_by_consent(cast: Cast) -> None:
    give_law(cast.lantern, secret_ballots="true")
    assert opened(cast.mira, [cast.finn, cast.lara]).secret is True
    assert opened(cast.mira, [cast.finn, cast.lara], method="consent").secret is False
    with pytest.raises(Unfit, match="an objection has a name"):
        proposed(cast.mira, method="consent", secret=True)


def test_a_receipt_is_sealed_for_its_voter_alone(cast: Cast) -> None:
    proposal = secretly(cast)
    made = vote(proposal, cast.finn, "no")
    with inside(cast.finn):
        assert receipts.receipt_of(cast.finn.dreamer_id, proposal.pk) == Kept(made.ballot, made.nonce, "no")
        sealed = bytes(Receipt.objects.get().sealed)
    assert made.nonce.encode() not in sealed
    with inside(cast.lara):
        assert Receipt.objects.count() == 0


def test_a_secret_ballot_is_changed_by_its_receipt(cast: Cast) -> None:
    proposal = secretly(cast)
    first = vote(proposal, cast.finn, "no")
    assert vote(proposal, cast.finn, "no").changed is False
    second = vote(proposal, cast.finn, "yes")
    held = {
        ballot.pk: (ballot.choice, ballot.changes, ballot.superseded)
        for ballot in rows(proposal.guild_id, Ballot)
    }
    assert held == {first.ballot: ("no", 0, True), second.ballot: ("yes", 1, False)}
    assert cast_leaves(cast.lantern)[1].detail["supersedes"] == str(first.ballot)
    with inside(cast.finn):
        Receipt.objects.all().delete()
    with pytest.raises(Unfit, match="give the receipt"):
        vote(proposal, cast.finn, "no")
    with pytest.raises(Unfit, match="opens no ballot"):
        vote(proposal, cast.finn, "no", receipt=Kept(first.ballot, first.nonce, "no"))
    for nonce in ("00" * 32, "\N{OWL}", "\ud800"):
        with pytest.raises(Unfit, match="opens no ballot"):
            vote(proposal, cast.finn, "no", receipt=Kept(second.ballot, nonce, "yes"))
    third = vote(proposal, cast.finn, "no", receipt=Kept(second.ballot, second.nonce, "yes"))
    assert (third.changed, third.choice) == (True, "no")


def test_another_voters_receipt_is_no_second_vote(cast: Cast) -> None:
    """Whoever has not voted yet and shows somebody's receipt casts their own first ballot, no more."""
    proposal = secretly(cast)
    made = vote(proposal, cast.finn, "no")
    vote(proposal, cast.lara, "yes", receipt=Kept(made.ballot, made.nonce, "no"))
    counting = sorted(b.choice for b in rows(proposal.guild_id, Ballot) if not b.superseded)
    assert counting == ["no", "yes"]
    with pytest.raises(Unfit, match="no ballot of yours"):
        vote(proposal, cast.lara, "abstain", receipt=Kept(made.ballot, made.nonce, "no"))
    counting = sorted(b.choice for b in rows(proposal.guild_id, Ballot) if not b.superseded)
    assert counting == ["no", "yes"]


def test_a_worker_that_fails_at_one_proposal_goes_on_to_the_next(cast: Cast, monkeypatch: Any) -> None:
    broken, sound = (sponsored(cast.mira, [cast.finn, cast.lara]) for _ in range(2))
    turn = turning.turn

    def failing(*, guild: Any, proposal: Any) -> bool:
        if proposal == broken.pk:
            raise RuntimeError("Something that nobody thought of.")
        return turn(guild=guild, proposal=proposal)

    monkeypatch.setattr(turning, "turn", failing)
    assert turning.turn_every_guild() == 1
    assert (again(broken).state, again(sound).state) == ("sponsored", "open")

"""Who belongs to the guild, what they hold, and the values of its policies, against their leaves."""

from collections.abc import Iterator
from typing import Final

from governance.audits.belonging import DREAMER
from governance.audits.discrepancies import Discrepancy, differing
from governance.audits.enums import Severity
from governance.audits.examination import Examination
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from governance.policies.entities import PLAIN_EXCHANGE, Exchange
from guild.tenancy.models import Guild, Membership

MEMBERS, GUILDS = "tenancy_membership", "tenancy_guild"
_UNDO: Final = "Set it back to what the log says, and treat as not done what was done with it meanwhile."

RULES = (
    Rule(
        "member.unrecorded",
        Severity.CRITICAL,
        "There is a member whom the log knows nothing of.",
        "The membership was made by hand: nobody who may admit members admitted this one.",
        "End the membership, and look for what this member has seen.",
        (Advice.NOTIFY,),
    ),
    Rule(
        "member.lost",
        Severity.MAJOR,
        "A member of whom the log tells is missing from the tables.",
        "The row was removed; members who leave keep theirs, because past leaves speak of them.",
        "Restore the row from a backup.",
        (Advice.RESTORE, Advice.NOTIFY),
    ),
    Rule(
        "member.row",
        Severity.CRITICAL,
        "A membership is not what the log says.",
        "It was ended, or taken up again, without anybody who may do so.",
        _UNDO,
        (Advice.RESTORE, Advice.NOTIFY),
    ),
    Rule(
        "office.row",
        Severity.CRITICAL,
        "A member holds other offices than the log says.",
        "An office was given or taken without anybody who may appoint.",
        _UNDO,
        (Advice.SUSPEND, Advice.RESTORE),
    ),
    Rule(
        "policy.value",
        Severity.CRITICAL,
        "A policy of the guild has another value than its members enacted.",
        "The value was changed past the law: what is decided under it is not what was agreed.",
        "Set the policy back, and make again what was made under the changed one.",
        (Advice.RESTORE, Advice.RE_BLEND),
    ),
)


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Memberships and offices both ways, and the floor."""
    yield from _members(examination)
    yield from _policies(examination)


def _members(examination: Examination) -> Iterator[Discrepancy]:
    people, seen = examination.replay.people, set()
    for row in Membership.objects.filter(guild_id=examination.guild).order_by("joined_at", "id"):
        examination.count("members")
        who = str(row.pseudonym)
        seen.add(who)
        if who not in people.joined:
            yield Discrepancy("member.unrecorded", None, MEMBERS, str(row.pk), "a leaf", "none")
            continue
        if apart := differing({"live": people.is_live(who)}, {"live": row.is_live}):
            leaf = people.left.get(who, people.joined[who])
            yield Discrepancy("member.row", leaf, MEMBERS, str(row.pk), *apart)
        told = people.offices.get(who, set()) - {DREAMER}
        if apart := differing({"offices": told}, {"offices": set(row.offices) - {DREAMER}}):
            yield Discrepancy("office.row", people.joined[who], MEMBERS, str(row.pk), *apart)
    for who in sorted(people.joined.keys() - seen):
        yield Discrepancy("member.lost", people.joined[who], MEMBERS, who, "a row", "none")


def _policies(examination: Examination) -> Iterator[Discrepancy]:
    people = examination.replay.people
    guild = Guild.objects.get(pk=examination.guild)
    examination.count("policies")
    floor, exchange = f"{guild.individuality_floor:.4f}", Exchange.of(guild).text
    told = {"individuality_floor": people.floor or floor, "exchange": people.exchange or PLAIN_EXCHANGE.text}
    if apart := differing(told, {"individuality_floor": floor, "exchange": exchange}):
        of_floor = told["individuality_floor"] != floor or people.exchange_leaf is None
        leaf = people.floor_leaf if of_floor else people.exchange_leaf
        yield Discrepancy("policy.value", leaf, GUILDS, str(guild.pk), *apart)


CHECK = Check("members", "Members, offices and policies", look, RULES)

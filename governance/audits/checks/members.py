"""Who belongs to the guild, what they hold, and the values of its policies, against their leaves."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from governance.audits.belonging import DREAMER, Belonging
from governance.audits.discrepancies import Discrepancy, differing
from governance.audits.enums import Severity
from governance.audits.examination import Examination
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from governance.policies.law import law_of, read_law
from governance.policies.models import PolicySet
from governance.policies.parameters import ValueRefused
from guild.tenancy.models import Guild, Membership

MEMBERS, GUILDS, SETS = "tenancy_membership", "tenancy_guild", "policies_set"
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
    Rule(
        "policy.set",
        Severity.CRITICAL,
        "A law that the guild had is not what was enacted.",
        "The row was changed, added or removed: what was decided under it can no longer be read back.",
        "Restore the row from a backup; its leaf says what it must hold.",
        (Advice.RESTORE,),
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
    """The law that decides against what the leaves tell, value by value, and each set against its leaf."""
    people = examination.replay.people
    guild = Guild.objects.get(pk=examination.guild)
    examination.count("policies")
    if apart := _law_apart(guild, people):
        yield Discrepancy("policy.value", people.law_leaf, GUILDS, str(guild.pk), *apart)
    yield from _sets(examination, guild)


def _law_apart(guild: Guild, people: Belonging) -> tuple[str, str] | None:
    """What the law must be and what it is, where they differ."""
    try:
        law = law_of(guild)
    except ValueRefused as error:
        return "a law within its bounds", str(error)
    now = {name: law.value(name) for name in people.values}
    if apart := differing(people.values, now):
        return apart
    if people.law_text is not None and people.law_text != law.text:
        return "the rules that were enacted", "other rules"
    return None


def _sets(examination: Examination, guild: Guild) -> Iterator[Discrepancy]:
    told, seen = examination.replay.people.laws, set()
    for row in PolicySet.objects.filter(guild_id=guild.pk).order_by("number"):
        examination.count("policies")
        seen.add(row.leaf)
        expected = told.get(row.leaf, "none")
        actual = _text(row.document)
        if expected != actual:
            yield Discrepancy("policy.set", row.leaf, SETS, str(row.pk), _digest(expected), _digest(actual))
    for leaf in sorted(told.keys() - seen):
        yield Discrepancy("policy.set", leaf, SETS, "", "a row", "none")


def _text(document: Mapping[str, Any]) -> str:
    try:
        return read_law(document).text
    except (ValueRefused, KeyError, TypeError, AttributeError):
        return "unreadable"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


CHECK = Check("members", "Members, offices and policies", look, RULES)

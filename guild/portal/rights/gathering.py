"""Everything about one dreamer, room by room, as the files of an archive.

What a guild holds is read inside that guild's tenant and the dreamer's: also of a guild they have left, since
it is theirs. The journal comes last: its rows are locked while they are read.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from colonies.diary import portable as diary
from colonies.exchange import portable as exchange
from colonies.reminders import portable as reminders
from colonies.rituals import portable as rituals
from governance.consent import portable as consents
from governance.deliberation import portable as deliberation
from governance.ledger import signing
from governance.ledger.proof_batches import proof_files
from governance.moderation import portable as moderation
from governance.oversight import portable as oversight
from guild.dreamers.models import Dreamer
from guild.dreamers.portable import account_of
from guild.journal import portable as journal
from guild.notifications import devices
from guild.notifications import portable as told
from guild.portal.rights.archive import Part, document, lines
from guild.portal.rights.models import RightsRecord
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild, Membership
from guild.tenancy.selectors import guild_by_id
from lounges.dreamscapes import portable as dreamscapes
from lounges.sessions import portable as sessions

Json = dict[str, Any]
Gather = Callable[..., Iterator[Json]]

README, ACCOUNT, DREAMS = "README.txt", "account.json", "journal/dreams.jsonl"

OF_A_GUILD: tuple[tuple[str, str, Gather], ...] = (
    ("sessions.jsonl", "the sessions you joined", sessions.participations_of),
    ("lent.jsonl", "what you lent to sessions, in your own words", sessions.contributions_of),
    ("said.jsonl", "what you said to others' dreams", sessions.said_by),
    ("reflections.jsonl", "your own reflections of dreamscapes", dreamscapes.reflections_of),
    ("consents/dreams.jsonl", "what stands for each lent dream in the ledger", consents.subjects_of),
    ("consents/statements.jsonl", "everything you allowed, refused or took back", consents.statements_of),
    ("consents/restrictions.jsonl", "what you set aside, and let go again", consents.restrictions_of),
    ("uses.jsonl", "every use of your dreams, from the ledger", consents.uses_of),
    ("notices.jsonl", "what you were told about dreams that had reached you", consents.told_to),
    ("colonies/belonging.jsonl", "the colonies you asked, joined and left", rituals.belongings_of),
    ("colonies/rituals.jsonl", "the rituals you wrote and translated", rituals.rituals_of),
    ("colonies/words.jsonl", "the thanks, stories and notes you sent back", exchange.words_of),
    ("colonies/nights.jsonl", "what you said of your nights", rituals.observances_of),
    ("colonies/comparisons.jsonl", "where your nights were compared with others'", diary.comparisons_of),
    ("colonies/reminders.jsonl", "what you wanted to be reminded of", reminders.reminders_of),
    ("deliberations.jsonl", "what you proposed and said, and how you voted", deliberation.deliberations_of),
    ("reports.jsonl", "what you reported, and what was decided of yours", moderation.reports_of),
    ("rulings.jsonl", "what you were told of rulings about what you lent", oversight.told_to),
)
"""The files that are the same for each guild, below its folder."""


def memberships_by_guild(dreamer: UUID) -> dict[UUID, list[Membership]]:
    """All memberships, also those that have ended, oldest first; in the dreamer's tenant."""
    rows = Membership.objects.filter(dreamer_id=dreamer).order_by("guild_id", "joined_at", "id")
    return {guild: list(group) for guild, group in groupby(rows, key=lambda row: row.guild_id)}


def everything_of(dreamer: Dreamer) -> Iterator[Part]:
    """Every file, one after the other; in the dreamer's tenant, and in one transaction."""
    yield Part(README, "what is in this archive, and how to check it", [_README.encode()])
    yield Part(ACCOUNT, "your account, its addresses and settings", document(account_of(dreamer)))
    for guild, memberships in memberships_by_guild(dreamer.pk).items():
        yield from _of_guild(dreamer.pk, guild, memberships)
    shown = consents.notices_shown_to(dreamer.pk)
    yield Part("consents/notices-shown.jsonl", "the texts you were shown when you were asked", lines(shown))
    yield from _of_rights(dreamer.pk)
    yield Part("diary/nights.jsonl", "your sleep diary", lines(diary.nights_of(dreamer.pk)))
    yield Part("diary/pauses.jsonl", "when you paused", lines(rituals.pauses_of(dreamer.pk)))
    yield Part("devices.jsonl", "when devices began to ring", lines(devices.dates_of(dreamer.pk)))
    yield Part("notices/told.jsonl", "what you were told, and when", lines(told.told_to(dreamer.pk)))
    yield Part("notices/choices.json", "how you wanted to be told", document(told.choices_of(dreamer.pk)))
    yield Part("calendar.jsonl", "when you had a calendar address", lines(rituals.calendars_of(dreamer.pk)))
    yield Part(DREAMS, "your dreams, each with all it said before", lines(journal.lines_of(dreamer.pk)))


def _of_guild(dreamer: UUID, guild: UUID, memberships: list[Membership]) -> list[Part]:
    """Read whole, since the guild's tenant is left again before the archive takes the next piece."""
    with tenant(guild=guild, dreamer=dreamer):
        home = guild_by_id(guild)
        folder = f"guilds/{home.slug}"
        parts = [
            Part(
                f"{folder}/membership.json",
                "your memberships and offices",
                document([_membership(row, home) for row in memberships]),
            )
        ]
        leaves: set[int] = set()
        for name, what, gather in OF_A_GUILD:
            values = list(_noting(gather(dreamer, guild=guild), leaves))
            parts.append(Part(f"{folder}/{name}", what, list(lines(values))))
        return [*parts, *_receipts(dreamer, guild, folder), *_of_ledger(guild, folder, leaves)]


def _noting(values: Iterable[Json], leaves: set[int]) -> Iterator[Json]:
    """The values as they are, with the leaves that they name noted."""
    for value in values:
        if (index := value.get("leaf_index")) is not None:
            leaves.add(index)
        yield value


def _receipts(dreamer: UUID, guild: UUID, folder: str) -> Iterator[Part]:
    for statement, receipt in consents.receipts_of(dreamer, guild=guild):
        name = f"{folder}/consents/receipts/{statement}.jsonld"
        yield Part(name, "a receipt of one statement", document(receipt))


def _of_ledger(guild: UUID, folder: str, leaves: set[int]) -> Iterator[Part]:
    """Each leaf that is about this dreamer, with the proof that it stands in the guild's log."""
    vkey = signing.log_signer(guild).verifier.vkey
    yield Part(f"{folder}/ledger/log.vkey", "the key that this guild's log is checked with", [vkey.encode()])
    for proven in proof_files(guild=guild, indexes=leaves):
        name = f"{folder}/ledger/{proven.index}"
        yield Part(f"{name}.json", f"leaf {proven.index} of the log", [proven.entry])
        yield Part(f"{name}.tlog-proof", f"that leaf {proven.index} stands in the log", [proven.proof])


def _membership(row: Membership, home: Guild) -> Mapping[str, Any]:
    return {
        "guild": str(home.pk),
        "guild_name": home.name,
        "display_name": row.display_name,
        "pseudonym": str(row.pseudonym),
        "offices": row.offices,
        "joined_at": row.joined_at.isoformat(),
        "ended_at": row.ended_at and row.ended_at.isoformat(),
    }


def _of_rights(dreamer: UUID) -> Iterator[Part]:
    records = list(RightsRecord.objects.filter(dreamer_id=dreamer).order_by("at", "id"))
    used = [{"right": row.right, "at": row.at.isoformat(), "detail": row.detail} for row in records]
    yield Part("rights/used.jsonl", "the rights you used, and when", list(lines(used)))
    for row in records:
        if row.certificate:
            name = f"rights/certificate-{row.pk}.txt"
            yield Part(name, "a certificate of erasure", [row.certificate.encode()])


_README = """\
Everything about you
====================

This archive holds all that this house keeps about you, in the clear: keep it where only you can open it.
manifest.json names every file, says what is in it, and gives its SHA-256 digest.

Files that end in .jsonl hold one JSON object a line. In journal/dreams.jsonl each line is one dream, with
everything it said before it was changed. You can bring the archive into another account under "My rights";
dreams come with their history, and your settings if you like. Consents, uses and notices are history: they
are shown, and never come back to life.

Below guilds/, each guild you are or were a member of has a folder: what you lent to it, what you allowed,
and every use of your dreams. In its folder "ledger" each leaf of the guild's log that is about you stands as
it was written (.json), beside a proof that it is in the log (.tlog-proof, in the format
c2sp.org/tlog-proof@v1). log.vkey is the key to check these proofs with. Each statement of consents has a
receipt (ISO/IEC TS 27560, as JSON-LD), which names its leaf. A line of uses.jsonl names the leaf of the use,
the commitment that stands for your dream, and the path from it to the root in that leaf.
"""

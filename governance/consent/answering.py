"""Yes, no and not now, after the lending: about one dream, or about all that one lends to a session, a lounge
or the guild. Whose word it is decides; nobody else is asked.

What follows is announced dream by dream, in the same transaction: to `withdrawals` what opens no longer, to
`openings` what opens now.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from governance.consent import notices, openings, places, selectors, services, stating, withdrawals
from governance.consent.enums import Cause, ConsentState, Purpose, Scope
from governance.consent.errors import NoSuchConsent, TermsRefused
from governance.consent.models import Statement, Subject
from governance.consent.openings import Opening
from governance.consent.purposes import NoticeMark, registered
from governance.consent.resolution import GIVING
from governance.consent.stating import About, Said
from governance.consent.terms import Terms
from governance.consent.withdrawals import Withdrawal
from governance.ledger import services as ledger
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Membership


@dataclass(frozen=True)
class Target:
    """What an answer is about: one dream, or (with its guild) a session, a lounge, or the guild itself."""

    scope: Scope
    id: UUID
    guild: UUID | None = None


@dataclass(frozen=True)
class Answered:
    """The statements that were written, and the contributions that open or shut by them."""

    statements: tuple[Statement, ...]
    opened: tuple[UUID, ...]
    shut: tuple[UUID, ...]


@dataclass(frozen=True)
class _Heard:
    """Whose word it is (once for each pseudonym they lend under), and what of theirs it may bear on."""

    guild: UUID
    abouts: tuple[About, ...]
    touched: tuple[Subject, ...]


def one_dream(contribution: UUID) -> Target:
    return Target(Scope.CONTRIBUTION, contribution)


def give(
    *,
    by: UUID,
    target: Target,
    purpose: Purpose,
    read: str,
    depth: float = 0.0,
    expires_at: datetime | None = None,
) -> Answered:
    """Say yes. `read` is the digest of the text that was before the dreamer; `depth` counts for blending.

    Raises NoSuchConsent, NoticeChanged, TermsRefused for limits that cannot stand or a dream that was
    withdrawn whole, and Denied for a depth that the guild's law does not let its members lend to.
    """
    mark = notices.current(purpose, read)
    now = timezone.now()
    share = services.checked(granted={purpose: True}, depth=depth, expires_at=expires_at, at=now)
    if purpose is not Purpose.BLEND:
        share = Decimal(0)
    with _entered(by, target, purpose) as heard:
        _require_lawful(heard, by, target, depth=share)
        served = notices.last_served(by, mark)
        saids = [
            (what, Said(purpose, services.given_state(what, purpose), share, expires_at, mark, served))
            for what in heard.abouts
        ]
        return _answer(heard, saids, at=now)


def _require_lawful(heard: _Heard, by: UUID, target: Target, *, depth: Decimal) -> None:
    """Ask the guild's law about the depth. Whoever has left it is not under its law any more; a blend is made
    no deeper than that law allows whatever they say.
    """
    mine = Membership.objects.filter(guild_id=heard.guild, dreamer_id=by, ended_at=None)
    member = mine.select_related("guild").first()
    if member is not None:
        resource = entities.contribution(id=target.id, guild=heard.guild, owner=by)
        require(actor=member, action=Action.GIVE_CONSENT, resource=resource, depth=depth)


def refuse(*, by: UUID, target: Target, purpose: Purpose, read: str) -> Answered:
    """Say no, whether or not a yes stood before. A no holds whichever version of the text was read.

    A yes for one dream is taken back as `services.withdraw` does it. Raises NoSuchConsent and NoticeChanged.
    """
    mark = notices.known(purpose, read)
    with _entered(by, target, purpose) as heard:
        if target.scope is Scope.CONTRIBUTION and _is_given(heard, purpose):
            done = services.withdraw(by=by, contribution=target.id, purpose=purpose)
            return Answered((), (), (done.contribution,))
        return _answer(heard, _unlimited(_no(heard, purpose), purpose, mark, by=by), at=timezone.now())


def defer(*, by: UUID, target: Target, purpose: Purpose, read: str) -> Answered:
    """Put the answer off: nothing opens meanwhile. Raises as `refuse`, and TermsRefused for a given dream."""
    mark = notices.known(purpose, read)
    with _entered(by, target, purpose) as heard:
        if target.scope is Scope.CONTRIBUTION and _is_given(heard, purpose):
            raise TermsRefused("You have said yes to this: take it back instead of putting it off.")
        later = [(what, ConsentState.DEFERRED) for what in heard.abouts]
        return _answer(heard, _unlimited(later, purpose, mark, by=by), at=timezone.now())


def take_back_in_each(*, by: UUID, target: Target, purpose: Purpose) -> int:
    """Take back the yes of every dream that says it by itself, or by a narrower word, within the target: how
    many there were. After a broader no, this is what makes it hold for them too; what stands by a word for
    the target itself, or for more, is left. Raises NoSuchConsent.
    """
    with _entered(by, target, purpose) as heard:
        held = selectors.in_force(heard.guild, [subject.contribution for subject in heard.touched])
        given = [
            subject
            for subject in heard.touched
            if selectors.is_narrower_yes(held.statement(subject.contribution, purpose), than=target.scope)
        ]
    for subject in given:
        services.withdraw(by=by, contribution=subject.contribution, purpose=purpose)
    return len(given)


@contextmanager
def _entered(by: UUID, target: Target, purpose: Purpose) -> Iterator[_Heard]:
    """The target in its guild's tenant, with the guild's ledger held. Raises NoSuchConsent, TermsRefused."""
    entry = registered(purpose)
    if not entry.of_dreams and target.scope is not Scope.GUILD:
        raise TermsRefused(f"“{entry.title}” is asked of you for a whole guild, not for single dreams.")
    if target.scope is Scope.CONTRIBUTION:
        with services.own_subject(by, target.id) as subject:
            services.require_lent(subject)
            what = stating.about(subject, pseudonym=services.pseudonym_of(subject))
            yield _Heard(subject.guild_id, (what,), (subject,))
        return
    if target.guild is None:
        raise NoSuchConsent("Say in which guild.")
    with ledger.held(guild=target.guild, dreamer=by):
        heard = _broadly(by, target, guild=target.guild)
        yield heard if entry.of_dreams else replace(heard, touched=())


def _broadly(by: UUID, target: Target, *, guild: UUID) -> _Heard:
    """Once for the membership that lives, and for each earlier one under which something is still lent."""
    if not _is_there(guild, target):
        raise NoSuchConsent("Your guilds have no such place.")
    touched = selectors.lent_by(by, guild=guild, scope=target.scope, scope_id=target.id)
    lending = {subject.pseudonym for subject in touched}
    mine = Membership.objects.filter(guild_id=guild, dreamer_id=by).order_by("joined_at", "id")
    pseudonyms = [row.pseudonym for row in mine if row.is_live or row.pseudonym in lending]
    if not pseudonyms:
        raise NoSuchConsent("You belong to no such guild, and lend nothing to it.")
    abouts = tuple(
        About(guild=guild, dreamer=by, pseudonym=pseudonym, scope=target.scope, scope_id=target.id)
        for pseudonym in pseudonyms
    )
    return _Heard(guild, abouts, tuple(touched))


def _is_there(guild: UUID, target: Target) -> bool:
    if target.scope is Scope.GUILD:
        return target.id == guild
    return target.id in places.names(guild, target.scope, [target.id])


def _is_given(heard: _Heard, purpose: Purpose) -> bool:
    (subject,) = heard.touched
    row = selectors.in_force(heard.guild, [subject.contribution]).statement(subject.contribution, purpose)
    return row is not None and row.state in GIVING


def _no(heard: _Heard, purpose: Purpose) -> list[tuple[About, ConsentState]]:
    """A no after a yes at the same level is that yes withdrawn."""
    return [
        (what, ConsentState.WITHDRAWN if row is not None and row.state in GIVING else ConsentState.REFUSED)
        for what in heard.abouts
        for row in [stating.newest(what, purpose)]
    ]


def _unlimited(
    states: Iterable[tuple[About, ConsentState]], purpose: Purpose, mark: NoticeMark, *, by: UUID
) -> list[tuple[About, Said]]:
    """What is said without limits: a no, or not now."""
    served = notices.last_served(by, mark)
    return [(what, Said(purpose, state, Decimal(0), None, mark, served)) for what, state in states]


def _answer(heard: _Heard, saids: Sequence[tuple[About, Said]], *, at: datetime) -> Answered:
    """Write the statements, and announce what they open and shut."""
    purpose = saids[0][1].purpose
    before = _limits(heard, purpose, at=at)
    statements = tuple(stating.write(what, said, at=at) for what, said in saids)
    after = _limits(heard, purpose, at=at)
    opened, shut = [], []
    for subject in heard.touched:
        was, now = before[subject.contribution], after[subject.contribution]
        if now is not None and was is None:
            opened.append(subject)
        elif was is not None and (now is None or _is_less(now, was)):
            shut.append(subject)
    for subject in shut:
        cause = Cause.WITHDRAWN if after[subject.contribution] is None else Cause.LESSENED
        withdrawals.announce(_withdrawal(subject, purpose, cause=cause, at=at))
    for subject in opened:
        openings.announce(_opening(subject, purpose, at=at))
    return Answered(
        statements, tuple(one.contribution for one in opened), tuple(one.contribution for one in shut)
    )


def _limits(heard: _Heard, purpose: Purpose, *, at: datetime) -> dict[UUID, Terms | None]:
    """Within what each contribution may be used for the purpose, None where not at all. Depth is a limit of
    blending alone: a loan states it with every purpose, and a later answer with that one.
    """
    names = [subject.contribution for subject in heard.touched]
    held = selectors.in_force(heard.guild, names)
    found = {name: held.terms(name, purpose, at=at) for name in names}
    if purpose is Purpose.BLEND:
        return found
    return {name: terms and replace(terms, depth=0.0) for name, terms in found.items()}


def _is_less(now: Terms, was: Terms) -> bool:
    """Whether a use may go less deep, or not last as long: what was made may then not stand as it does."""
    ends_sooner = now.expires_at is not None and (was.expires_at is None or now.expires_at < was.expires_at)
    return now.depth < was.depth or ends_sooner


def _withdrawal(subject: Subject, purpose: Purpose, *, cause: Cause, at: datetime) -> Withdrawal:
    return Withdrawal(
        guild=subject.guild_id,
        dreamer=subject.dreamer_id,
        contribution=subject.contribution,
        purposes=(purpose,),
        whole=False,
        at=at,
        cause=cause,
    )


def _opening(subject: Subject, purpose: Purpose, *, at: datetime) -> Opening:
    return Opening(
        guild=subject.guild_id,
        dreamer=subject.dreamer_id,
        contribution=subject.contribution,
        purposes=(purpose,),
        at=at,
    )

"""What is decided in the Lantern guild, in every state that a page shows: whose window, and which address."""

from urllib.parse import urlencode
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from governance.deliberation import arguing, petitions, services
from governance.deliberation.enums import Kind, Stance
from governance.deliberation.models import Proposal
from governance.ledger import services as ledger
from governance.moderation import services as moderation
from guild.notifications import letters
from guild.notifications.enums import Group
from lounges.experiences import services as experiences
from lounges.experiences.models import ExperienceVersion
from tests.cast import Cast
from tests.governance.deliberating import again, draft, ended, inside, opened, proposed, ranked, vote
from tests.isolation.world import World

Visit = tuple[str, str]
"""Who looks, by name, and at which address."""

FLOOR = {"values": {"individuality_floor": "0.70"}}
QUIET = {"values": {"quiet_from": "1320", "quiet_until": "420"}}
LATER = {"values": {"quiet_from": "1350", "quiet_until": "420"}}
WORDS = "Nothing rings in the guild's name while we fall asleep, and all of it is there in the morning."


def decided(world: World) -> list[Visit]:
    """Make it, and say where it is seen."""
    cast = world.cast
    states = [_enacted(cast), _ranked(cast), _secret(cast), _withdrawn(cast)]
    written = _argued(cast)
    moderated = [("ezra", _at("moderation:log")), ("ayla", _at("moderation:log"))]
    _hide(world)
    suspended = _suspended(world)
    return [
        *(("mira", _of(proposal)) for proposal in states),
        ("mira", _of(written)),
        ("finn", _of(written)),
        ("mira", f"{_of(written)}?preview=1"),
        ("mira", _at("deliberation:versions", written.pk)),
        ("mira", _at("deliberation:petition", _carried(cast))),
        ("mira", f"{_at('deliberation:home')}?words=a"),
        *(("mira", address) for address in _forms()),
        *moderated,
        ("mira", _at("experiences:detail", suspended)),
        ("ayla", _at("membership:power")),
        ("mira", reverse("notifications:stop", args=[_token(cast)])),
    ]


def _at(name: str, *which: object) -> str:
    return reverse(name, args=["lantern", *which])


def _of(proposal: Proposal) -> str:
    return _at("deliberation:proposal", proposal.pk)


def _enacted(cast: Cast) -> Proposal:
    """It passed and is law: the history of the law has two of them."""
    proposal = opened(cast.mira, [cast.finn], title="A higher floor", kind=Kind.POLICY, document=FLOOR)
    for member, choice in ((cast.mira, "yes"), (cast.finn, "no"), (cast.ezra, "yes"), (cast.lara, "abstain")):
        vote(proposal, member, choice)
    return ended(proposal)


def _ranked(cast: Cast) -> Proposal:
    proposal = opened(cast.finn, [cast.mira], **vars(ranked(title="Which evening")))
    for member, choice in ((cast.mira, "2>0=1"), (cast.finn, "0>1>2"), (cast.ezra, "2>1")):
        vote(proposal, member, choice)
    return ended(proposal)


def _secret(cast: Cast) -> Proposal:
    """It is open, and Mira has voted."""
    proposal = opened(cast.finn, [cast.mira], title="Candles", secret=True)
    vote(proposal, cast.mira, "yes")
    return proposal


def _withdrawn(cast: Cast) -> Proposal:
    proposal = proposed(cast.mira, title="A second bell")
    with inside(cast.mira):
        return services.withdraw(proposal=proposal, by=cast.mira)


def _argued(cast: Cast) -> Proposal:
    """Mira's draft in its second version, with reasons, and an amendment that would do something else."""
    proposal = proposed(cast.mira, title="Quiet nights", kind=Kind.POLICY, document=QUIET)
    said = {
        stance: _say(cast, proposal, stance, text)
        for stance, text in (
            (Stance.FOR, "My phone lit up at one."),
            (Stance.AGAINST, "I read at eleven."),
            (Stance.QUESTION, "By whose clock?"),
        )
    }
    with inside(cast.mira):
        services.revise(proposal=proposal, by=cast.mira, title="Quiet nights", text=WORDS, document=QUIET)
        arguing.argue(
            proposal=proposal,
            by=cast.mira,
            stance=Stance.QUESTION,
            text="London's.",
            parent=said[Stance.QUESTION],
        )
    with inside(cast.finn):
        services.amend(proposal=proposal, by=cast.finn, title="Quieter nights", text=WORDS, document=LATER)
    return again(proposal)


def _say(cast: Cast, proposal: Proposal, stance: Stance, text: str) -> arguing.Argument:
    with inside(cast.finn):
        return arguing.argue(proposal=proposal, by=cast.finn, stance=stance, text=text)


def _carried(cast: Cast) -> object:
    with inside(cast.finn):
        petition = petitions.start(by=cast.finn, draft=draft(title="A lamp in the yard"))
    with inside(cast.mira):
        return petitions.sign(petition=petition, by=cast.mira).pk


def _forms() -> list[str]:
    """The parts of the law to choose from, and the longest forms."""
    asked = [{"kind": "policy"}, {"kind": "policy", "part": "changing"}, {"kind": "free"}]
    return [f"{_at('deliberation:new')}?{urlencode(each)}" for each in asked]


def _hide(world: World) -> None:
    """What Ayla lent is reported and hidden: she may appeal, and Ezra has another report to decide."""
    cast = world.cast
    with inside(cast.mira):
        lent = world.contributions["ayla"]
        report = moderation.report(by=cast.mira, kind="lent-dream", target=lent, reason="private", words="")
    with inside(cast.ezra):
        moderation.decide(
            by=cast.ezra, report=report, decision="hidden", reasons="It names somebody who is not here."
        )


def _suspended(world: World) -> object:
    """The guild's experience, whose blend was stopped."""
    guild = world.cast.lantern
    with ledger.held(guild=guild.pk):
        version = ExperienceVersion.objects.get(experience_id=world.kept["experience_id"])
        return experiences.suspend(guild=guild, version=version, halt=uuid4(), at=timezone.now()).pk


def _token(cast: Cast) -> str:
    return letters.stop_token(letters.Stop(cast.mira.dreamer_id, (Group.VOTES, Group.DUTIES), None))

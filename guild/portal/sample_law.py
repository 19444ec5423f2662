"""The law of the sample guild at work: a vote that changed it, one that is open, what is still discussed, and
what moderators and enforcers decided. Made through the same services that people use.
"""

from governance.deliberation import arguing, petitions, turning, voting
from governance.deliberation import services as deliberation
from governance.deliberation.choices import ABSTAIN, NO, YES
from governance.deliberation.counting import Method
from governance.deliberation.drafts import Draft
from governance.deliberation.enums import Kind, Stance
from governance.deliberation.models import Amendment, Argument, Proposal
from governance.moderation import services as moderation
from governance.moderation.enums import Decision, Reason
from guild.portal.sample_colonies.seats import seat_of
from guild.tenancy.models import Membership
from lounges.experiences import services as experiences
from lounges.sessions import loans
from lounges.sessions.hearing import SAID_KIND
from lounges.sessions.models import Contribution, Session

Members = dict[str, Membership]

HIGHER_FLOOR = Draft(
    kind=Kind.POLICY,
    title="Keep two thirds of what sets a dream apart",
    text="The house begins with sixty percent. I would rather that each of us is still heard apart when "
    "five dreams are woven into one, and so I ask for sixty-six.\n\nWhoever comes later can change it back "
    "in the same way.",
    document={"values": {"individuality_floor": "0.66"}},
)
QUIET = Draft(
    kind=Kind.POLICY,
    title="The guild is quiet from ten",
    text="Nothing should ring in the guild's name while we fall asleep. What happens in the night is still "
    "on the pages in the morning.",
    document={"values": {"quiet_from": "1320", "quiet_until": "420", "clock": "Europe/London"}},
)
HALF_PAST_TEN = (
    "The guild is quiet from half past ten",
    QUIET.text + "\n\nHalf past ten, because the circle on Thursdays ends at ten.",
    {"values": {"quiet_from": "1350", "quiet_until": "420", "clock": "Europe/London"}},
)
READINGS = (
    ("Mira", Stance.FOR, "my phone lit up at one in the morning and i lost the end of a dream to it"),
    (
        "Finn",
        Stance.AGAINST,
        "I come off my shift at eleven, and that is when I read. For me it is all quiet hours.",
    ),
    ("Lara", Stance.QUESTION, "By whose clock? For me half past ten in London is early in the evening."),
)
ANSWER = (
    "By London's, since most of us sleep there. Your own hours of quiet hold beside it, on your own clock."
)
BALLOTS = (("Ezra", YES), ("Lara", ABSTAIN), ("Finn", NO))
EVENING = Draft(
    kind=Kind.FREE,
    title="Which evening for the open circle?",
    text="Thursdays have become full. Let us see whether another evening suits more of us.",
    options=("Sunday", "Tuesday", "Thursday, as it is"),
    method=Method.RANKED,
)
LATER = (
    "Which evening for the open circle, from spring on?",
    EVENING.text + " If it changes, then from the first week of spring.",
    "Whoever has planned their winter around Thursdays keeps it.",
)
FIVE_MINUTES = Draft(
    kind=Kind.FREE,
    title="Five quiet minutes at the start",
    text="in the first five minutes of a session nobody tells anything. whoever comes late comes in then and "
    "does not have to hear the end of somebody's dream first.",
)
UNASKED = "It means that you never call your mother. You should."
REPORTED = "Nobody asked what it means, and it was not kind."
HIDDEN = "We say what a dream brings to our own mind. We do not tell others what theirs means."
SLOW_WATER = {"floor": "0.75", "quotes_per_motif": 2, "time_scale": "1.50"}


def decide_alone(founder: Membership) -> None:
    """The first vote: while a guild has one member, it ends with their ballot."""
    proposal = _proposed(founder, HIGHER_FLOOR)
    _turn(proposal)
    _vote(founder, proposal, YES)
    _turn(proposal)
    with seat_of(founder):
        founder.guild.refresh_from_db(fields=["law"])


def deliberate(members: Members) -> None:
    """One vote that is open, one draft that looks for sponsors, one petition."""
    quiet = _discussed(members)
    for name in ("Mira", "Ezra"):
        with seat_of(members[name]):
            deliberation.sponsor(proposal=quiet, by=members[name], version=2)
    _turn(quiet)
    for name, choice in BALLOTS:
        _vote(members[name], quiet, choice)
    _look_for_sponsors(members)
    with seat_of(members["Mira"]):
        petition = petitions.start(by=members["Mira"], draft=FIVE_MINUTES)
    with seat_of(members["Ezra"]):
        petitions.sign(petition=petition, by=members["Ezra"])


def _discussed(members: Members) -> Proposal:
    """Ayla's proposal with what was said about it, and Lara's amendment taken over."""
    author = members["Ayla"]
    proposal = _proposed(author, QUIET)
    said = {name: _say(members[name], proposal, stance, text) for name, stance, text in READINGS}
    title, text, document = HALF_PAST_TEN
    with seat_of(members["Lara"]):
        amendment = deliberation.amend(
            proposal=proposal, by=members["Lara"], title=title, text=text, document=document
        )
    with seat_of(author):
        arguing.argue(proposal=proposal, by=author, stance=Stance.QUESTION, text=ANSWER, parent=said["Lara"])
        deliberation.accept(amendment=amendment, by=author)
    return proposal


def _look_for_sponsors(members: Members) -> Amendment:
    evening = _proposed(members["Finn"], EVENING)
    with seat_of(members["Ezra"]):
        deliberation.sponsor(proposal=evening, by=members["Ezra"], version=1)
    title, text, because = LATER
    with seat_of(members["Lara"]):
        return deliberation.amend(
            proposal=evening, by=members["Lara"], title=title, text=text, because=because
        )


def approve_an_experience(members: Members) -> None:
    """Ayla writes it, Ezra approves it: nobody approves their own."""
    with seat_of(members["Ayla"]):
        version = experiences.write(
            by=members["Ayla"],
            name="Slow water",
            description="For long dreams with few people in them. It keeps more of each, and lets the order "
            "in which things came weigh more.",
            numbers=SLOW_WATER,
        )
        experiences.try_out(by=members["Ayla"], version=version)
    with seat_of(members["Ezra"]):
        experiences.approve(by=members["Ezra"], version=version)


def hide_what_nobody_asked(members: Members, *, session: Session, about: Contribution) -> None:
    """Finn explains a dream of Lara's to her, Mira reports it, Ezra hides it and says why."""
    with seat_of(members["Finn"]):
        said, _ = loans.associate(session=session, by=members["Finn"], contribution_id=about.pk, text=UNASKED)
    with seat_of(members["Mira"]):
        report = moderation.report(
            by=members["Mira"], kind=SAID_KIND, target=said.pk, reason=Reason.INTERPRETS, words=REPORTED
        )
    with seat_of(members["Ezra"]):
        moderation.decide(by=members["Ezra"], report=report, decision=Decision.HIDE, reasons=HIDDEN)


def _proposed(author: Membership, draft: Draft) -> Proposal:
    with seat_of(author):
        return deliberation.propose(by=author, draft=draft)


def _say(member: Membership, proposal: Proposal, stance: Stance, text: str) -> Argument:
    with seat_of(member):
        return arguing.argue(proposal=proposal, by=member, stance=stance, text=text)


def _vote(member: Membership, proposal: Proposal, choice: str) -> None:
    with seat_of(member):
        voting.cast(proposal=proposal, by=member, choice=choice)


def _turn(proposal: Proposal) -> None:
    """What the clock would do next."""
    turning.turn(guild=proposal.guild_id, proposal=proposal.pk)

"""The table: every address, and what each person is answered there.

The columns are nobody (not signed in), Zed (of another guild), Mira (whose dream it is; she takes part),
Finn (takes part), Ezra (a member who does not take part) and Ayla (steward, architect, host).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from governance.consent.enums import Purpose
from governance.consent.purposes import REGISTRY

Answers = tuple[int, int, int, int]

SIGN_IN = 302  # to the sign-in page


@dataclass(frozen=True)
class Route:
    """One method of one address; `arguments` names what its path needs, `body` what is sent: a value, or
    `$name` for the world's own.
    """

    method: str
    name: str
    arguments: tuple[str, ...]
    expected: tuple[int, int, int, int, int, int]
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_guilds_row(self) -> bool:
        """Whether it names a row of a guild, and not only the guild."""
        return "guild_slug" in self.arguments and bool({*self.arguments} - {"guild_slug", "article"})

    def __str__(self) -> str:
        return f"{self.method}-{self.name}"


def mine(
    method: str, address: str, /, *arguments: str, owner: int, nobody: int = SIGN_IN, **body: Any
) -> Route:
    """A thing of Mira's own that nobody else may know of."""
    return Route(method, address, arguments, (nobody, 404, owner, 404, 404, 404), body)


def page(method: str, address: str, /, *arguments: str, answers: Answers, **body: Any) -> Route:
    """A page of the guild: sign-in for nobody, 404 for strangers, then Mira, Finn, Ezra and Ayla."""
    return Route(method, address, ("guild_slug", *arguments), (SIGN_IN, 404, *answers), body)


def api(method: str, address: str, /, *arguments: str, answers: Answers, **body: Any) -> Route:
    """The same in the API, where nobody is told 403."""
    return Route(method, address, ("guild_slug", *arguments), (403, 404, *answers), body)


def anybodys(method: str, address: str, /, *arguments: str, answer: int) -> Route:
    """An address below a guild's id that answers outsiders as members: its log, which holds no words."""
    return Route(method, address, ("guild_id", *arguments), (answer,) * 6)


def asked(address: str, /, *, answers: Answers, **body: Any) -> Route:
    """A form of the session's page: what is done, and what is not possible now, leads back to the page."""
    return page("POST", address, SESSION, answers=answers, key=KEY, **body)


SESSION = "session_id"
KEY = "3f2c8a52-7f3d-4c34-9d0b-1f6d0c2a9e11"
NEW_SESSION = {"title": "Another", "format": "open_circle", "confidentiality": "session", "when": "now"}
COLONY, RITUAL = "colony_slug", "ritual_id"
TEA = {"title": "Tea", "steps": [{"kind": "tea", "text": "Pour the tea.", "seconds": 60}]}
AT_DUSK = {"kind": "local", "starts": "2026-11-25T21:30"}
PORTUGUESE = {"language": "pt", "title": "A lâmpada", "step_0": "Apaga a lâmpada."}
ABOUT_MIRAS_DREAM = {
    "scope": "contribution",
    "about": "$contribution",
    "purpose": "quote",
    "notice": REGISTRY[Purpose.QUOTE].notice.digest,
}
ALL = (200, 200, 200, 200)
HOST_ALONE = (403, 403, 403, 200)
NUMBERS = {
    "affect_scale": "0.25",
    "time_scale": "0.50",
    "quotes_per_motif": 3,
    "terms_per_motif": 5,
    "weave_moments": 3,
}
OUTSIDE = (403, 403, 403, 403)  # a colony's leaders alone, of whom none is asked here
CIRCLE = (200, 200, 403, 200)  # those who take part
BACK = (302, 302, 302, 302)
HOST = (403, 403, 403, 302)
ENFORCER = (403, 403, 200, 403)
DECIDED = (403, 403, 302, 403)
DECISION = "decision_id"
PROPOSED = {"title": "Quiet after eight", "text": "We close the lounge at eight."}
MIRA, OF_MIRA, NOT_MIRA = (302, 403, 403, 403), (200, 403, 403, 403), (403, 302, 302, 302)
REASONS = "The leaf and the row do not say the same."

ROUTES: tuple[Route, ...] = (
    # A dreamer's own journal.
    mine("GET", "journal:detail", "dream_id", owner=200),
    mine("GET", "journal:edit", "dream_id", owner=200),
    mine("POST", "journal:edit", "dream_id", owner=302, narrative="The stairs were dry.", revision=1),
    mine("GET", "journal:delete", "dream_id", owner=200),
    mine("POST", "journal:suggestion", "dream_id", owner=302, emotion="sadness"),
    mine("POST", "journal:delete", "dream_id", owner=302),
    mine("GET", "rights:correct", "dream_id", owner=302),  # nothing to correct: back to the dream
    mine("GET", "rights:erase-dream", "dream_id", owner=200),
    mine("GET", "rights:erase-dream-confirm", "dream_id", owner=302),  # to confirm who one is
    Route("POST", "rights:pause", (), (SIGN_IN, 302, 302, 302, 302, 302)),
    Route("POST", "rights:resume", (), (SIGN_IN, 302, 302, 302, 302, 302)),
    mine("GET", "api-dreams-detail", "dream_id", owner=200, nobody=403),
    mine("PATCH", "api-dreams-detail", "dream_id", owner=200, nobody=403, title="Dry", revision=1),
    mine("DELETE", "api-dreams-detail", "dream_id", owner=204, nobody=403),
    mine("GET", "api-dreams-suggestion", "dream_id", owner=200, nobody=403),
    mine("POST", "consent:withdraw", "contribution", owner=302),
    mine("POST", "api-consents-withdraw", "contribution", owner=200, nobody=403),
    mine("GET", "consent:dream", "contribution", owner=200),
    mine("POST", "consent:restrict", "contribution", owner=302),
    mine("POST", "consent:lift", "contribution", owner=302),
    mine("GET", "consent:receipt", "statement", owner=200),
    mine("GET", "consent:proof", "statement", owner=200),
    mine("GET", "consent:use-proof", "part", owner=200),
    mine("POST", "consent:answer", owner=302, **ABOUT_MIRAS_DREAM, answer="refused"),
    mine("POST", "consent:take-back-in-each", owner=302, **ABOUT_MIRAS_DREAM),
    mine("GET", "api-consents-history", "contribution", owner=200, nobody=403),
    mine("POST", "api-consents-restrict", "contribution", owner=200, nobody=403),
    mine("POST", "api-consents-lift", "contribution", owner=200, nobody=403),
    mine("GET", "api-consents-receipt", "statement", owner=200, nobody=403),
    mine("GET", "api-consents-proof", "statement", owner=200, nobody=403),
    mine("POST", "api-consents-answer", owner=200, nobody=403, **ABOUT_MIRAS_DREAM, answer="refused"),
    mine("POST", "api-consents-take-back", owner=200, nobody=403, **ABOUT_MIRAS_DREAM),
    # A guild.
    page("GET", "portal:guild", answers=ALL),
    page("GET", "processing:page", answers=ALL),
    page("GET", "processing:json", answers=ALL),
    api("GET", "api-processing", answers=ALL),
    api("POST", "api-consents-ask", "contribution", answers=(403, 403, 403, 201), purpose="exchange"),
    page("GET", "ledger:guild", answers=ALL),
    # Its log, which outsiders verify, and the guild as a witness (400: what is sent here is no checkpoint).
    anybodys("GET", "log:checkpoint", answer=200),
    anybodys("GET", "log:vkey", answer=200),
    anybodys("GET", "log:tile", "level", "name", answer=200),
    anybodys("GET", "log:entries", "name", answer=200),
    anybodys("GET", "log:witness-vkey", answer=200),
    anybodys("POST", "log:add-checkpoint", answer=400),
    # Its lounges.
    page("GET", "sessions:lounges", answers=ALL),
    page("POST", "sessions:lounges", answers=(403, 403, 403, 302), name="The Long Table"),
    page("GET", "sessions:lounge", "lounge_slug", answers=ALL),
    page("POST", "sessions:lounge", "lounge_slug", answers=(403, 403, 403, 302), **NEW_SESSION),
    api("GET", "api-lounges", answers=ALL),
    api("POST", "api-lounges", answers=(403, 403, 403, 201), name="The Long Table"),
    api("GET", "api-sessions", answers=ALL),
    api("POST", "api-sessions", answers=(403, 403, 403, 201), lounge="thursday-circle", title="Another"),
    # A session: its name and hour are for the guild, what is told in it for those who take part.
    page("GET", "sessions:live", SESSION, answers=ALL),
    page("GET", "sessions:snapshot", SESSION, answers=CIRCLE),
    page("GET", "sessions:people", SESSION, answers=CIRCLE),
    page("GET", "sessions:stages", SESSION, answers=CIRCLE),
    page("GET", "sessions:dreamscape", SESSION, answers=CIRCLE),
    page("GET", "sessions:telling", SESSION, "contribution_id", answers=CIRCLE),
    page("GET", "sessions:association", SESSION, "association_id", answers=CIRCLE),
    page("GET", "sessions:share", SESSION, answers=CIRCLE),
    page("POST", "sessions:share", SESSION, answers=(302, 302, 403, 302)),
    page("GET", "sessions:ask", SESSION, answers=(*HOST[:3], 200)),
    page("POST", "sessions:ask", SESSION, answers=(*HOST[:3], 422), purpose="no purpose"),
    page("POST", "sessions:open", SESSION, answers=(403, 403, 403, 302)),
    asked("sessions:join", answers=BACK, terms="$terms", accept="on"),
    asked("sessions:return", answers=BACK),
    asked("sessions:step-out", answers=BACK),
    asked("sessions:associate", answers=(302, 302, 403, 302), contribution="$contribution_id", text="A key."),
    asked("sessions:withdraw", answers=(302, 404, 404, 404), contribution="$contribution_id"),
    asked("sessions:stage", answers=HOST, stage="closing"),
    asked("sessions:blend", answers=HOST),
    asked("sessions:close", answers=HOST),
    api("GET", "api-session", SESSION, answers=ALL),
    api("GET", "api-session-events", SESSION, answers=CIRCLE),
    api("GET", "api-session-snapshot", SESSION, answers=CIRCLE),
    api("GET", "api-session-contributions", SESSION, answers=CIRCLE),
    api("GET", "api-session-contribution", SESSION, "contribution_id", answers=CIRCLE),
    api("POST", "api-session-open", SESSION, answers=(403, 403, 403, 409)),
    api("POST", "api-session-join", SESSION, answers=ALL, terms="$terms", key=KEY),
    api("POST", "api-session-step-out", SESSION, answers=ALL, key=KEY),
    api("POST", "api-session-return", SESSION, answers=(200, 200, 409, 200), key=KEY),
    api("POST", "api-session-stage", SESSION, answers=(403, 403, 403, 200), stage="closing", key=KEY),
    api("POST", "api-session-blends", SESSION, answers=(403, 403, 403, 202), key=KEY),
    api("POST", "api-session-close", SESSION, answers=(403, 403, 403, 200), key=KEY),
    api(
        "POST",
        "api-session-associations",
        SESSION,
        answers=(201, 201, 403, 201),
        contribution="$contribution_id",
        text="A key.",
        key=KEY,
    ),
    api(
        "POST",
        "api-session-contributions",
        SESSION,
        answers=(409, 404, 403, 404),  # Mira's dream is lent already; for anybody else there is no such dream
        dream="$dream_id",
        extent="whole",
        purposes={"share_in_session": True, "blend": False, "quote": False, "publish_to_guild": False},
        notices={},
        key=KEY,
    ),
    api("GET", "api-contributions", answers=ALL),
    api("POST", "api-contribution-withdraw", "contribution_id", answers=(200, 404, 404, 404), key=KEY),
    # Colonies: read by the guild, led by Lara, who founded this one; Mira belongs, Finn has asked to.
    page("GET", "colonies:colonies", answers=ALL),
    page("POST", "colonies:colonies", answers=(403, 403, 403, 302), name="Salt", admission="open"),
    page("GET", "colonies:colony", COLONY, answers=ALL),
    page("GET", "helping:helps", COLONY, answers=ALL),
    page("POST", "helping:helps", COLONY, answers=OUTSIDE, ritual="$ritual_id"),
    page("GET", "colonies:colony-edit", COLONY, answers=OUTSIDE),
    page("POST", "colonies:colony-edit", COLONY, answers=OUTSIDE, name="Salt", admission="open"),
    page("POST", "colonies:join", COLONY, answers=BACK),
    page("POST", "colonies:decline", COLONY, answers=BACK),
    page("GET", "colonies:leave", COLONY, answers=(200, 403, 403, 403)),
    page("POST", "colonies:leave", COLONY, answers=(302, 403, 403, 403), names="take_off", nights="erase"),
    page("POST", "colonies:invite", COLONY, answers=OUTSIDE),
    page("POST", "colonies:answer", COLONY, "belonging_id", answers=OUTSIDE, answer="yes"),
    page("POST", "colonies:part", COLONY, "belonging_id", answers=(403, 403, 403, 302), part="co_leader"),
    page("POST", "colonies:archive", COLONY, answers=OUTSIDE),
    page("GET", "colonies:write", COLONY, answers=OUTSIDE),
    page("POST", "colonies:write", COLONY, answers=OUTSIDE, title="Tea"),
    page("GET", "colonies:ritual", RITUAL, answers=ALL),
    page("GET", "colonies:version", RITUAL, "number", answers=ALL),
    page("GET", "colonies:card", RITUAL, answers=ALL),
    page("GET", "colonies:guided", RITUAL, answers=ALL),
    page("POST", "reminding:choose", RITUAL, answers=(302, 403, 403, 403), minutes=15),
    page("POST", "colonies:keep", RITUAL, answers=(302, 403, 403, 403), keeping="kept"),
    page("GET", "colonies:presence", RITUAL, answers=(200, 403, 403, 403)),
    page("POST", "colonies:show-name", COLONY, answers=BACK, shown="yes"),
    page("GET", "colonies:revise", RITUAL, answers=OUTSIDE),
    page("POST", "colonies:revise", RITUAL, answers=OUTSIDE, title="Tea"),
    page("GET", "colonies:translate", RITUAL, answers=(200, 403, 403, 403)),
    page("POST", "colonies:translate", RITUAL, answers=(302, 403, 403, 403), **PORTUGUESE),
    page("POST", "colonies:rest", RITUAL, answers=OUTSIDE),
    page("GET", "colonies:times", RITUAL, answers=ALL),
    page("POST", "colonies:times", RITUAL, answers=OUTSIDE),
    page("POST", "colonies:leave-out", RITUAL, "schedule_id", answers=OUTSIDE),
    page("POST", "colonies:move", RITUAL, "schedule_id", answers=OUTSIDE),
    page("POST", "colonies:end", RITUAL, "schedule_id", answers=OUTSIDE),
    page("GET", "exchange:exchange", answers=ALL),
    page("GET", "policies:constitution", answers=ALL),
    page("GET", "policies:history", answers=ALL),
    page("GET", "policies:template", "article", answers=ALL),
    page("POST", "policies:try", answers=ALL, individuality_floor="0.70"),
    api("GET", "api-law", answers=ALL),
    api("POST", "api-law-preview", answers=ALL, values={"individuality_floor": "0.70"}),
    page("GET", "exchange:diversity", answers=ALL),
    page("GET", "exchange:taking", "offer_id", answers=ALL),
    page("POST", "exchange:adopt", "offer_id", answers=OUTSIDE, colony="$colony_slug"),
    page("POST", "exchange:ask", "offer_id", answers=OUTSIDE, colony="$colony_slug"),
    page("GET", "exchange:asking", "asking_id", answers=OUTSIDE),
    page("POST", "exchange:asking", "asking_id", answers=OUTSIDE, terms="lineage"),
    page("POST", "exchange:take-back", "asking_id", answers=OUTSIDE),
    page("GET", "exchange:lineage", RITUAL, answers=ALL),
    page("GET", "exchange:adapted", RITUAL, answers=ALL),
    page("POST", "exchange:offer", RITUAL, answers=OUTSIDE, terms="lineage"),
    page("POST", "exchange:speak", RITUAL, answers=(302, 403, 403, 403), kind="thanks", text="It is."),
    page("POST", "exchange:unsay", "word_id", answers=(302, 404, 404, 404)),
    # An evening of two colonies that Lara leads; Mira belongs to one of them.
    page("GET", "exchange:propose", answers=OUTSIDE),
    page("POST", "exchange:propose", answers=OUTSIDE),
    page("GET", "exchange:evening", "evening_id", answers=ALL),
    page("POST", "exchange:evening", "evening_id", answers=(302, 403, 403, 403), text="We hummed."),
    page("POST", "exchange:evening-answer", "evening_id", answers=OUTSIDE, answer="yes"),
    page("POST", "exchange:evening-call-off", "evening_id", answers=OUTSIDE),
    page("POST", "exchange:evening-unsay", "evening_id", "note_id", answers=BACK),
    # What the neighbouring guild offers to all of the house, and what is offered to it.
    page("GET", "exchange:house-taking", "house_offer_id", answers=ALL),
    page("POST", "exchange:house-adopt", "house_offer_id", answers=OUTSIDE, colony="$colony_slug"),
    page("POST", "exchange:offer-beyond", RITUAL, answers=OUTSIDE, terms="lineage"),
    api("GET", "api-offers", answers=ALL),
    api("POST", "api-offers", answers=OUTSIDE, ritual="$ritual_id", terms="lineage"),
    api("GET", "api-offer", "offer_id", answers=ALL),
    api("DELETE", "api-offer", "offer_id", answers=OUTSIDE),
    api("POST", "api-offer-adoptions", "offer_id", answers=OUTSIDE, colony="$colony_slug"),
    api("POST", "api-offer-askings", "offer_id", answers=OUTSIDE, colony="$colony_slug"),
    api("GET", "api-askings", answers=ALL),
    api("POST", "api-asking-answer", "asking_id", answers=OUTSIDE, terms="lineage"),
    api("GET", "api-house-offers", answers=ALL),
    api("POST", "api-house-offer-adoptions", "house_offer_id", answers=OUTSIDE, colony="$colony_slug"),
    api("GET", "api-diversity", answers=ALL),
    api("GET", "api-ritual-lineage", RITUAL, answers=ALL),
    api("POST", "api-ritual-lineage", RITUAL, answers=(201, 403, 403, 403), kind="thanks", text="Ah."),
    api("PUT", "api-ritual-reminder", RITUAL, answers=(409, 403, 403, 403), minutes_before=15),
    api("DELETE", "api-ritual-reminder", RITUAL, answers=(204, 204, 204, 204)),
    api("PUT", "api-ritual-observance", RITUAL, "night", answers=(200, 403, 403, 403), keeping="kept"),
    api("DELETE", "api-ritual-observance", RITUAL, "night", answers=(204, 204, 204, 204)),
    api("GET", "api-ritual-times", RITUAL, answers=ALL),
    api("POST", "api-ritual-times", RITUAL, answers=OUTSIDE, **AT_DUSK),
    api("GET", "api-colonies", answers=ALL),
    api("POST", "api-colonies", answers=(403, 403, 403, 201), name="Salt"),
    api("GET", "api-colony", COLONY, answers=ALL),
    api("PUT", "api-colony", COLONY, answers=OUTSIDE, name="Salt"),
    api("POST", "api-colony-join", COLONY, answers=ALL),
    api("POST", "api-colony-leave", COLONY, answers=(204, 403, 403, 403)),
    api("GET", "api-colony-rituals", COLONY, answers=ALL),
    api("POST", "api-colony-rituals", COLONY, answers=OUTSIDE, **TEA),
    api("GET", "api-ritual", RITUAL, answers=ALL),
    api("PUT", "api-ritual", RITUAL, answers=OUTSIDE, on=1, **TEA),
    api("GET", "api-ritual-versions", RITUAL, answers=ALL),
    # Oversight: for enforcers, and its report for everybody. Ezra is the only enforcer.
    page("GET", "oversight:home", answers=ENFORCER),
    page("GET", "oversight:audits", answers=ENFORCER),
    page("POST", "oversight:audits", answers=DECIDED),
    page("GET", "oversight:progress", "audit_id", answers=ENFORCER),
    page("GET", "oversight:findings", answers=ENFORCER),
    page("GET", "oversight:findings-csv", answers=ENFORCER),
    page("GET", "oversight:findings-json", answers=ENFORCER),
    page("GET", "oversight:finding", "finding_id", answers=ENFORCER),
    page("POST", "oversight:finding", "finding_id", answers=DECIDED, verdict="dismissed", reasons=REASONS),
    page("POST", "oversight:assign", "finding_id", answers=DECIDED, to="$ezra_id"),
    page("POST", "oversight:confirm", "proposal_id", answers=(404, 404, 403, 404)),  # it is Ezra's own
    page("POST", "oversight:decline", "proposal_id", answers=(404, 404, 302, 404)),
    page(
        "POST",
        "oversight:answer",
        "appeal_id",
        answers=(403, 403, 403, 403),  # against a ruling of Ezra's
        outcome="upheld",
        answer=REASONS,
    ),
    page("POST", "oversight:ask-to-lift", "suspension_id", answers=DECIDED),
    page("POST", "oversight:lift", "suspension_id", answers=(403, 403, 403, 403)),  # nobody asked for it
    page("GET", "oversight:story", "contribution", answers=ENFORCER),
    page("GET", "oversight:story-csv", "contribution", answers=ENFORCER),
    page("GET", "oversight:story-json", "contribution", answers=ENFORCER),
    page("GET", "offices:home", answers=(403, 403, 403, 200)),
    page("POST", "offices:home", answers=(403, 403, 403, 422), member="", office="enforcer"),
    page("POST", "offices:end", answers=HOST, member="", office="enforcer"),
    page("POST", "offices:renew", answers=HOST, member="", office="enforcer"),
    page("POST", "offices:remove", answers=HOST, member=""),
    page("POST", "offices:unbar", answers=HOST, member=""),
    page("GET", "offices:invitations", answers=(403, 403, 403, 200)),
    page("POST", "offices:invitations", answers=(403, 403, 403, 200), uses=1, days=7),
    page("POST", "offices:revoke", "invitation_id", answers=HOST),
    # What every member sees of power; Ezra offered Mira his office, Ayla asked for an export and a closing.
    page("GET", "membership:power", answers=ALL),
    page("POST", "membership:lay-down", answers=(403, 403, 403, 302), office="architect"),
    page(
        "POST", "membership:hand-over", answers=(422, 422, 422, 302), office="architect", successor="$ezra_id"
    ),
    page("POST", "membership:answer", "handover_id", answers=(302, 404, 403, 404), answer="accept"),
    page("GET", "membership:together", answers=ALL),
    page("POST", "membership:together", answers=HOST, kind="export"),
    page("POST", "membership:agree", "act_id", answers=DECIDED),
    page("POST", "membership:take-back", "act_id", answers=HOST),
    page("POST", "membership:object", "act_id", answers=BACK),
    page("POST", "membership:export", "export_id", answers=(403, 403, 403, 200)),
    page("GET", "membership:leave", answers=ALL),
    page("POST", "membership:leave", answers=(302, 302, 302, 422), lent="take_back", traces="leave"),
    api("GET", "api-offices", answers=ALL),
    api("POST", "api-offices", answers=(403, 403, 403, 201), member="$ezra_id", office="architect"),
    api("DELETE", "api-office", "member_id", "office", answers=(403, 403, 204, 204)),  # it is Ezra's
    api("POST", "api-office-renewal", "member_id", "office", answers=(403, 403, 403, 200)),
    api("POST", "api-member-removal", "member_id", answers=(403, 403, 403, 204)),
    api("POST", "api-leave", answers=(204, 204, 204, 409)),
    api("GET", "api-handovers", answers=ALL),
    api("POST", "api-handovers", answers=(403, 403, 403, 201), office="architect", successor="$ezra_id"),
    api("POST", "api-handover", "handover_id", answers=(200, 404, 403, 404), answer="accept"),
    api("GET", "api-power", answers=ALL),
    api("GET", "api-invitations", answers=(403, 403, 403, 200)),
    api("POST", "api-invitations", answers=(403, 403, 403, 201), uses=1, days=7),
    api("DELETE", "api-invitation", "invitation_id", answers=(403, 403, 403, 200)),
    api("GET", "api-together", answers=ALL),
    api("POST", "api-together", answers=(403, 403, 403, 201), kind="close"),
    api("POST", "api-together-agree", "act_id", answers=(403, 403, 200, 403)),
    api("POST", "api-together-take-back", "act_id", answers=(403, 403, 403, 200)),
    api("POST", "api-together-object", "act_id", answers=ALL),
    api("POST", "api-together-export", "export_id", answers=(403, 403, 403, 200)),
    page("GET", "transparency:report", answers=ALL),
    page("GET", "transparency:ruling", "ruling_id", answers=ALL),
    page("POST", "transparency:ruling", "ruling_id", answers=(302, 403, 403, 403), reasons=REASONS),
    api("GET", "api-findings", answers=ENFORCER),
    api("GET", "api-finding", "finding_id", answers=ENFORCER),
    api("POST", "api-finding-assignee", "finding_id", answers=ENFORCER, to="$ezra_id"),
    api(
        "POST",
        "api-finding-rulings",
        "finding_id",
        answers=(403, 403, 201, 403),
        verdict="dismissed",
        reasons=REASONS,
    ),
    api("GET", "api-rulings", answers=ALL),
    api("GET", "api-ruling", "ruling_id", answers=ALL),
    api("POST", "api-ruling-confirm", "proposal_id", answers=(404, 404, 403, 404)),  # it is Ezra's own
    api("POST", "api-ruling-decline", "proposal_id", answers=(404, 404, 200, 404)),
    api("POST", "api-ruling-appeals", "ruling_id", answers=(201, 403, 403, 403), reasons=REASONS),
    api(
        "POST",
        "api-appeal-answer",
        "appeal_id",
        answers=(403, 403, 403, 403),  # against a ruling of Ezra's
        outcome="upheld",
        answer=REASONS,
    ),
    api("GET", "api-audits", answers=ENFORCER),
    api("POST", "api-audits", answers=(403, 403, 202, 403)),
    api("GET", "api-audit", "audit_id", answers=ENFORCER),
    # A dreamscape: for those who took part.
    page("GET", "dreamscapes:list", answers=ALL),
    page("GET", "dreamscapes:detail", "run_id", answers=CIRCLE),
    page("GET", "dreamscapes:reflection", "run_id", answers=CIRCLE),
    page("GET", "dreamscapes:withdraw", "run_id", answers=CIRCLE),
    page("POST", "dreamscapes:withdraw", "run_id", answers=(302, 302, 403, 302)),
    page("POST", "dreamscapes:renew", "run_id", answers=(403, 403, 403, 302)),
    page("POST", "dreamscapes:retry", "run_id", answers=(403, 403, 403, 302)),
    api("GET", "api-dreamscapes", answers=ALL),
    api("GET", "api-dreamscape", "run_id", answers=CIRCLE),
    api("GET", "api-dreamscape-reflection", "run_id", answers=CIRCLE),
    # Halts: for those who joined. Experiences: Ayla is the architect who wrote one, Ezra the enforcer.
    asked("halts:resist", answers=(302, 302, 403, 302)),
    asked("halts:relent", answers=(302, 302, 403, 302)),
    page("GET", "halts:stop", SESSION, answers=CIRCLE),
    api("POST", "api-session-resist", SESSION, answers=CIRCLE, key=KEY),
    api("POST", "api-session-relent", SESSION, answers=CIRCLE, key=KEY),
    page("GET", "experiences:list", answers=ALL),
    page("POST", "experiences:list", answers=(403, 403, 403, 302), name="Salt", **NUMBERS),
    page("GET", "experiences:detail", "experience_id", answers=ALL),
    page("GET", "experiences:revise", "experience_id", answers=HOST_ALONE),
    page("POST", "experiences:revise", "experience_id", answers=(403, 403, 403, 422)),
    page("POST", "experiences:try", "experience_id", "number", answers=(403, 403, 403, 302)),
    page("POST", "experiences:approve", "experience_id", "number", answers=(403, 403, 302, 403)),
    api("GET", "api-experiences", answers=ALL),
    api("POST", "api-experiences", answers=(403, 403, 403, 201), name="Salt"),
    api("GET", "api-experience", "experience_id", answers=ALL),
    api(
        "POST",
        "api-experience",
        "experience_id",
        answers=(403, 403, 403, 201),
        on=1,
        note="Fewer.",
        numbers={"atoms": 9},
    ),
    api("POST", "api-experience-try", "experience_id", "number", answers=HOST_ALONE),
    api("POST", "api-experience-approve", "experience_id", "number", answers=(403, 403, 200, 403)),
    # Moderation: Mira reported what Finn said; Ezra and Ayla may decide, Ezra is not in the session.
    page("GET", "moderation:log", answers=ALL),
    page("GET", "moderation:report", "kind", "target", answers=CIRCLE),
    page("POST", "moderation:report", "kind", "target", answers=(302, 422, 403, 302), reason="other"),
    page("GET", "moderation:case", "report_id", answers=(404, 404, 200, 200)),
    page(
        "POST",
        "moderation:case",
        "report_id",
        answers=(404, 404, 302, 302),
        decision="hidden",
        reasons=REASONS,
    ),
    page("POST", "moderation:appeal", "report_id", answers=(404, 404, 404, 404), reasons=REASONS),
    api("GET", "api-moderation", answers=ALL),
    api(
        "POST",
        "api-moderation",
        answers=(201, 400, 403, 201),
        kind="association",
        target="$association_id",
        reason="other",
    ),
    api(
        "POST",
        "api-moderation-decision",
        "report_id",
        answers=(404, 404, 200, 200),
        decision="hidden",
        reasons=REASONS,
    ),
    api("POST", "api-moderation-appeal", "report_id", answers=(404, 404, 404, 404), reasons=REASONS),
    api(
        "POST",
        "api-moderation-answer",
        "report_id",
        answers=(404, 404, 409, 409),
        outcome="upheld",
        words=REASONS,
    ),
    # What the guild decides: Mira proposed something by consent, voting is open, and Finn objects.
    page("GET", "deliberation:home", answers=ALL),
    page("GET", "deliberation:new", answers=ALL),
    page("POST", "deliberation:new", answers=BACK, kind="free", method="majority", **PROPOSED),
    page("GET", "deliberation:proposal", DECISION, answers=ALL),
    page("GET", "deliberation:standing", DECISION, answers=ALL),
    page("GET", "deliberation:versions", DECISION, answers=ALL),
    page("GET", "deliberation:receipt", DECISION, answers=(404, 404, 404, 404)),  # the vote is not secret
    page("GET", "deliberation:export", DECISION, answers=BACK),  # it is not counted yet
    page("POST", "deliberation:sponsor", DECISION, answers=NOT_MIRA, version=1),
    page("POST", "deliberation:withdraw", DECISION, answers=MIRA),
    page("GET", "deliberation:revise", DECISION, answers=(200, 403, 403, 403)),
    page("POST", "deliberation:revise", DECISION, answers=(422, 403, 403, 403), **PROPOSED),
    page("GET", "deliberation:amend", DECISION, answers=ALL),
    page("POST", "deliberation:amend", DECISION, answers=(422, 422, 422, 422), **PROPOSED),
    page("POST", "deliberation:argue", DECISION, answers=BACK, stance="for", text="I sleep early."),
    page("POST", "deliberation:vote", DECISION, answers=BACK, choice="consent"),
    page("POST", "deliberation:answer-objection", DECISION, "objection_id", answers=MIRA, answer=REASONS),
    page("POST", "deliberation:answer-amendment", "amendment_id", answers=MIRA, decision="accept"),
    page("POST", "deliberation:reply", "argument_id", answers=BACK, text="So do I."),
    page("POST", "deliberation:edit-argument", "argument_id", answers=BACK, text="I sleep late."),
    page("GET", "deliberation:petitions", answers=ALL),
    page("GET", "deliberation:petition-new", answers=ALL),
    page("POST", "deliberation:petition-new", answers=BACK, kind="free", **PROPOSED),
    page("GET", "deliberation:petition", "petition_id", answers=ALL),
    page("POST", "deliberation:sign", "petition_id", answers=BACK, signed="yes"),
    page("POST", "deliberation:petition-withdraw", "petition_id", answers=MIRA),
    api("GET", "api-proposals", answers=ALL),
    api("POST", "api-proposals", answers=(201, 201, 201, 201), kind="free", **PROPOSED),
    api("GET", "api-proposal", DECISION, answers=ALL),
    api("GET", "api-proposal-versions", DECISION, answers=ALL),
    api("POST", "api-proposal-versions", DECISION, answers=(409, 403, 403, 403), **PROPOSED),
    api("POST", "api-proposal-sponsors", DECISION, answers=(403, 409, 409, 409), version=1),
    api("POST", "api-proposal-withdrawal", DECISION, answers=(409, 403, 403, 403)),
    api("GET", "api-proposal-amendments", DECISION, answers=ALL),
    api("POST", "api-proposal-amendments", DECISION, answers=(409, 409, 409, 409), **PROPOSED),
    api("POST", "api-amendment-answer", "amendment_id", answers=(409, 403, 403, 403), accept=True),
    api("GET", "api-proposal-arguments", DECISION, answers=ALL),
    api("POST", "api-proposal-arguments", DECISION, answers=(201, 201, 201, 201), stance="for", text="Yes."),
    api("POST", "api-proposal-ballot", DECISION, answers=ALL, choice="consent"),
    api("GET", "api-proposal-objections", DECISION, answers=ALL),
    api("POST", "api-objection-answer", DECISION, "objection_id", answers=OF_MIRA, answer=REASONS),
    api("GET", "api-proposal-export", DECISION, answers=(409, 409, 409, 409)),
    api("GET", "api-petitions", answers=ALL),
    api("POST", "api-petitions", answers=(201, 201, 201, 201), kind="free", **PROPOSED),
    api("GET", "api-petition", "petition_id", answers=ALL),
    api("POST", "api-petition-signature", "petition_id", answers=ALL),
    api("DELETE", "api-petition-signature", "petition_id", answers=ALL),
    api("POST", "api-petition-withdrawal", "petition_id", answers=OF_MIRA),
)

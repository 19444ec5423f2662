"""How offices and places in a guild were handed on, told by the leaves alone: invitations and their uses,
offers of an office and their answers, terms, and what takes two persons. Pure.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from governance.ledger.entry_reader import Told
from governance.ledger.enums import LeafKind

Note = Callable[..., None]
"""`Belonging`'s own: rule, index, expected, actual."""

_SECONDS: Final = 19
"""As far as an instant of these leaves says it: `2026-11-25T21:30:00`."""


class Invited(NamedTuple):
    """An invitation: the leaf that made it, how many it lets in, until when, and how many came."""

    first: int
    maker: str
    digest: str
    allowed: int
    until: str
    came: int = 0
    revoked: int | None = None


class Termed(NamedTuple):
    """An office as somebody was given it: until when ("" for no end), and the leaf that ended it."""

    who: str
    office: str
    until: str
    ended: int | None = None


class Barred(NamedTuple):
    """Somebody whom no invitation lets in: the leaf that said so, and the one that undid it."""

    first: int
    lifted: int | None = None


class Offered(NamedTuple):
    """An office that its holder offered to a successor; `answer` is the leaf that ended the offer."""

    first: int
    giver: str
    successor: str
    office: str
    answer: int | None = None
    state: str = "waiting"


class Joint(NamedTuple):
    """What takes two persons: who asked, who agreed, until when or from when, and how it ended."""

    first: int
    kind: str
    asker: str
    state: str = "asked"
    agreed: int | None = None
    seconder: str = ""
    due: str = ""
    ended: int | None = None


class Handing:
    """Everything heard so far; what cannot have been so is noted."""

    def __init__(self, note: Note) -> None:
        self._note = note
        self.invitations: dict[str, Invited] = {}
        self.offers: dict[str, Offered] = {}
        self.joint: dict[str, Joint] = {}
        self.terms: dict[int, Termed] = {}
        self.barred: dict[str, Barred] = {}
        self._holding: dict[tuple[str, str], int] = {}
        self.hearers: dict[str, Callable[[int, Told], None]] = {
            LeafKind.INVITATION_MADE.value: self._invited,
            LeafKind.INVITATION_REVOKED.value: self._revoked,
            LeafKind.HANDOVER_ASKED.value: self._offered,
            LeafKind.HANDOVER_DECLINED.value: self._declined,
            LeafKind.HANDOVER_TAKEN_BACK.value: self._taken_back,
            LeafKind.OFFICE_RENEWED.value: self._renewed,
            LeafKind.MEMBERSHIP_UNBARRED.value: self._unbarred,
            LeafKind.GUILD_ACT_ASKED.value: self._asked,
            LeafKind.GUILD_ACT_AGREED.value: self._agreed,
            LeafKind.GUILD_ACT_ENDED.value: self._act_ended,
            LeafKind.GUILD_CLOSED.value: self._closed,
        }

    def came(self, index: int, leaf: Told) -> None:
        """Somebody came in; where by invitation, it must have let one more in."""
        named = leaf.detail.get("invitation")
        if named is None:
            return
        held = self.invitations.get(named)
        if held is None or held.revoked is not None or leaf.at[:_SECONDS] > held.until[:_SECONDS]:
            self._note("log.story", index, expected="an invitation that stands", actual=named)
            return
        if held.came >= held.allowed:
            self._note("log.story", index, expected=f"at most {held.allowed} by {named}", actual="one more")
        self.invitations[named] = held._replace(came=held.came + 1)

    def given(self, index: int, leaf: Told) -> None:
        """Somebody holds an office from now on; where by handover, it must have been offered to them."""
        self._begin(index, leaf)
        if named := leaf.detail.get("handover"):
            self._handed(index, leaf, named, taken=False)

    def taken(self, index: int, leaf: Told) -> None:
        """Somebody holds an office no more; where their term is over, it must have been."""
        who, office = leaf.subjects[0], leaf.detail["office"]
        until = self._end_term(index, (who, office))
        over = leaf.detail.get("over")
        if over is not None and (over != until or leaf.at[:_SECONDS] < over[:_SECONDS]):
            self._note("log.story", index, expected=f"a term until {until or 'none'}", actual=over)
        if named := leaf.detail.get("handover"):
            self._handed(index, leaf, named, taken=True)
        self._let_fall(index, who, office)

    def left(self, index: int, leaf: Told) -> None:
        """Somebody left: their terms and what they had offered end."""
        who = leaf.subjects[0]
        for mark in [mark for mark in self._holding if mark[0] == who]:
            self._end_term(index, mark)
        self._let_fall(index, who)
        if leaf.detail.get("barred"):
            self.barred[who] = Barred(index)

    def _begin(self, index: int, leaf: Told) -> None:
        mark = (leaf.subjects[0], leaf.detail["office"])
        self.terms[index] = Termed(*mark, leaf.detail.get("until", ""))
        self._holding[mark] = index

    def _end_term(self, index: int, mark: tuple[str, str]) -> str:
        """Until when the term was that ends here; "" where it had no end."""
        first = self._holding.pop(mark, None)
        if first is None:
            return ""
        self.terms[first] = self.terms[first]._replace(ended=index)
        return self.terms[first].until

    def _let_fall(self, index: int, who: str, office: str | None = None) -> None:
        """What somebody had offered and nobody answered ends with the office it was about."""
        for key, held in self.offers.items():
            if held.answer is None and held.giver == who and office in (None, held.office):
                self.offers[key] = held._replace(answer=index, state="taken_back")

    def _handed(self, index: int, leaf: Told, named: str, *, taken: bool) -> None:
        """The first of the two leaves takes the office from the giver, the next gives it to the successor."""
        held = self.offers.get(named)
        whose = None if held is None else held.giver if taken else held.successor
        is_next = held is not None and (held.answer is None if taken else held.state == "accepted")
        said = (leaf.actor, leaf.subjects[0], leaf.detail["office"])
        if held is None or not is_next or said != (held.successor, whose, held.office):
            self._note("log.story", index, expected="an office offered to who takes it", actual=named)
        elif taken:
            self.offers[named] = held._replace(answer=index, state="accepted")

    def _invited(self, index: int, leaf: Told) -> None:
        named = leaf.subjects[0]
        if named in self.invitations:
            self._note("log.story", index, expected="a new invitation", actual=named)
        detail = leaf.detail
        self.invitations[named] = Invited(
            index, leaf.actor, detail["digest"], int(detail["uses"]), detail["until"]
        )

    def _revoked(self, index: int, leaf: Told) -> None:
        held = self.invitations.get(leaf.subjects[0])
        if held is None or held.revoked is not None:
            self._note("log.story", index, expected="an invitation that stands", actual=leaf.subjects[0])
        else:
            self.invitations[leaf.subjects[0]] = held._replace(revoked=index)

    def _renewed(self, index: int, leaf: Told) -> None:
        self._end_term(index, (leaf.subjects[0], leaf.detail["office"]))
        self._begin(index, leaf)

    def _unbarred(self, index: int, leaf: Told) -> None:
        held = self.barred.get(leaf.subjects[0])
        if held is None or held.lifted is not None:
            self._note("log.story", index, expected="somebody barred", actual=leaf.subjects[0])
        else:
            self.barred[leaf.subjects[0]] = held._replace(lifted=index)

    def _offered(self, index: int, leaf: Told) -> None:
        named, detail = leaf.subjects[0], leaf.detail
        self.offers[named] = Offered(index, leaf.actor, detail["to"], detail["office"])

    def _declined(self, index: int, leaf: Told) -> None:
        self._answered(index, leaf, state="declined")

    def _taken_back(self, index: int, leaf: Told) -> None:
        self._answered(index, leaf, state="taken_back")

    def _answered(self, index: int, leaf: Told, *, state: str) -> None:
        held = self.offers.get(leaf.subjects[0])
        whose = None if held is None else held.successor if state == "declined" else held.giver
        if held is None or held.answer is not None or leaf.actor != whose:
            self._note("log.story", index, expected="an offer that waits", actual=leaf.subjects[0])
        else:
            self.offers[leaf.subjects[0]] = held._replace(answer=index, state=state)

    def _asked(self, index: int, leaf: Told) -> None:
        self.joint[leaf.subjects[0]] = Joint(index, leaf.detail["what"], leaf.actor)

    def _agreed(self, index: int, leaf: Told) -> None:
        held = self.joint.get(leaf.subjects[0])
        if held is None or held.agreed is not None or held.ended is not None or held.asker == leaf.actor:
            self._note("log.story", index, expected="asked by somebody else", actual=leaf.subjects[0])
        else:
            due = leaf.detail.get("due", "")
            agreed = held._replace(state="agreed", agreed=index, seconder=leaf.actor, due=due)
            self.joint[leaf.subjects[0]] = agreed

    def _act_ended(self, index: int, leaf: Told) -> None:
        self._end(index, leaf, state=str(leaf.detail["how"]))

    def _closed(self, index: int, leaf: Told) -> None:
        """It must have been agreed, and not halted until it was due."""
        held = self.joint.get(leaf.subjects[0])
        if held is None or held.agreed is None or leaf.at[:_SECONDS] < held.due[:_SECONDS]:
            self._note("log.story", index, expected="a closing that is due", actual=leaf.subjects[0])
        self._end(index, leaf, state="done")

    def _end(self, index: int, leaf: Told, *, state: str) -> None:
        held = self.joint.get(leaf.subjects[0])
        if held is None or held.ended is not None:
            self._note("log.story", index, expected="what two agreed to", actual=leaf.subjects[0])
        else:
            self.joint[leaf.subjects[0]] = held._replace(state=state, ended=index)

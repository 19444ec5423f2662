"""The evening itself, act by act. Every act checks what it did: it ends well only if all of it happened."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from guild.embedded.sample_signins import ADDRESS, GUILD, PASSWORD
from guild.portal.demo.errors import DemoFailed
from guild.portal.demo.seat import Seat
from guild.portal.demo.visitor import Visitor

HOST = "Ayla"
DEPTHS = {"Ayla": 0.6, "Finn": 0.4, "Lara": 0.5, "Ezra": 0.3, "Mira": 0.4}
SILENT = "Ezra"  # lends his dream to the blend, and keeps its words to himself
WANDERER = "Finn"  # loses the connection in the middle
LEAVER = "Mira"  # takes her dream back at the end
ROUNDING = 1e-6

Say = Callable[[str], None]


@dataclass
class Evening:
    """Everybody's browser and seat, and what was lent."""

    say: Say
    people: dict[str, Visitor]
    session: UUID
    seats: dict[str, Seat] = field(default_factory=dict)
    lent: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> Seat:
        return self.seats[HOST]

    def path(self, rest: str = "") -> str:
        return f"/g/{GUILD}/sessions/{self.session}/{rest}"


def play(address: str, say: Say) -> None:
    """Hold the whole evening at `address`. Raises DemoFailed with the first thing that did not happen."""
    asyncio.run(_evening(address, say))


async def _evening(address: str, say: Say) -> None:
    evening = await asyncio.to_thread(_gather, address, say)
    try:
        for act in (_join, _share, _wander, _associate, _blend, _look, _withdraw, _account, _close):
            await act(evening)
    finally:
        for seat in evening.seats.values():
            await seat.client.close()


def _gather(address: str, say: Say) -> Evening:
    people = {name: Visitor(address=address, name=name) for name in DEPTHS}
    for name, visitor in people.items():
        visitor.sign_in(email=ADDRESS.format(name.lower()), password=PASSWORD)
    say(f"Signed in: {', '.join(people)}.")
    body = {"lounge": "thursday-circle", "title": "An evening to look around in"}
    session = people[HOST].post(f"/g/{GUILD}/sessions/", body)
    say(f"{HOST} opened a session in the Thursday Circle.")
    return Evening(say, people, UUID(session["id"]))


async def _join(evening: Evening) -> None:
    """Everyone reads the terms, accepts them, and hears the session from then on."""
    shown = evening.people[HOST].get(evening.path())
    for name, visitor in evening.people.items():
        seat = evening.seats[name] = Seat(visitor, evening.session)
        await seat.open()
        await seat.say("session.join", terms=shown["terms"]["digest"])
        await seat.listen()
    await evening.host.heard("participant.joined", times=len(evening.people) - 1)
    evening.say("All five joined after accepting its terms: " + shown["terms"]["title"] + ".")


async def _share(evening: Evening) -> None:
    """Each lends one dream under terms of their own."""
    await evening.host.say("session.set_stage", stage="sharing")
    texts = await asyncio.to_thread(evening.people[HOST].get, "/notices/")
    notices = {text["purpose"]: text["digest"] for text in texts}
    for name, seat in evening.seats.items():
        dreams = await asyncio.to_thread(seat.visitor.get, "/dreams/")
        dream = dreams["results"][1]
        purposes = {
            "share_in_session": True,
            "blend": True,
            "quote": name != SILENT,
            "publish_to_guild": False,
        }
        reply = await seat.say(
            "session.share",
            dream=dream["id"],
            extent="whole",
            purposes=purposes,
            notices=notices,
            depth=DEPTHS[name],
        )
        evening.lent[name] = reply["contribution"]
        quoting = "may be quoted" if name != SILENT else "not to be quoted"
        evening.say(f"  {name} lent “{dream['title'] or 'a dream'}”: depth {DEPTHS[name]:.2f}, {quoting}.")
    for seat in evening.seats.values():
        await seat.heard("dream.shared", times=len(DEPTHS))
    evening.say("Everybody heard all five.")


async def _wander(evening: Evening) -> None:
    """One loses the connection, misses things, and comes back to all of them."""
    seat = evening.seats[WANDERER]
    heard = len(seat.client.events)
    await seat.client.close()
    await evening.host.say("session.set_stage", stage="associating")
    texts = {
        "Lara": "It puts me in mind of the ferry at night.",
        "Ayla": "A kitchen with only the oven light on.",
    }
    for name, text in texts.items():
        await evening.seats[name].say("session.associate", contribution=evening.lent[LEAVER], text=text)
    await seat.open()
    await seat.listen()
    missed = seat.kinds(since=heard)
    if missed != ["stage.changed", "association.added", "association.added"]:
        raise DemoFailed(f"{WANDERER} came back to {missed}, not to what was missed.")
    evening.say(f"{WANDERER} lost the connection and came back to the {len(missed)} events that were missed.")


async def _associate(evening: Evening) -> None:
    """One more is said, now that everybody is here."""
    await evening.seats[WANDERER].say(
        "session.associate", contribution=evening.lent[HOST], text="The sound of a lift between two floors."
    )
    await evening.host.heard("association.added", times=3)
    evening.say("Three associations were added.")


async def _blend(evening: Evening) -> None:
    """The host asks; a worker blends; everyone hears of it."""
    await evening.host.say("session.set_stage", stage="blending")
    await evening.host.say("session.blend")
    for seat in evening.seats.values():
        await seat.heard("blend.finished")
    if "blend.progress" not in evening.host.client.passing:
        raise DemoFailed(f"{HOST} saw no progress of the blend.")
    evening.say(f"{HOST} blended them, and saw its progress.")


async def _look(evening: Evening) -> None:
    """The shared dreamscape holds every floor and every silence; each reads their own reflection."""
    run = (await evening.host.heard("blend.finished"))["dreamscape"]
    scape = await asyncio.to_thread(evening.people[HOST].get, f"/g/{GUILD}/dreamscapes/{run}/")
    report = _checked_report(evening, scape["document"], dreams=len(DEPTHS))
    names = {contribution: name for name, contribution in evening.lent.items()}
    evening.say(
        f"The dreamscape: {len(scape['document']['motifs'])} motifs under a floor of {report['floor']:.2f}."
    )
    for voice in report["voices"]:
        evening.say(
            f"  {names[voice['voice']]} kept {voice['retention']:.2f} of what sets the dream apart "
            f"(depth {voice['given']:.2f} of {voice['asked']:.2f} allowed)."
        )
    for name, visitor in evening.people.items():
        mine = await asyncio.to_thread(visitor.get, f"/g/{GUILD}/dreamscapes/{run}/reflection/")
        if not mine["parts"]:
            raise DemoFailed(f"{name} has no reflection.")
    evening.say("Everyone read their own reflection.")


def _checked_report(evening: Evening, document: dict[str, Any], *, dreams: int) -> dict[str, Any]:
    report: dict[str, Any] = document["report"]
    if len(report["voices"]) != dreams:
        raise DemoFailed(f"{len(report['voices'])} dreams are in the dreamscape, and {dreams} should be.")
    for voice in report["voices"]:
        if voice["retention"] < report["floor"] - ROUNDING or voice["given"] > voice["asked"] + ROUNDING:
            raise DemoFailed("A floor or a consent was broken: that must never happen.")
    quoted = {moment["voice"] for paragraph in document["weave"] for moment in paragraph}
    if evening.lent[SILENT] in quoted or not quoted:
        raise DemoFailed(f"The weave quotes {SILENT}, who did not allow it, or nobody at all.")
    return report


async def _withdraw(evening: Evening) -> None:
    """One takes the dream back: the dreamscape is ended, and made again without it."""
    old = (await evening.host.heard("blend.finished"))["dreamscape"]
    await evening.seats[LEAVER].say("session.withdraw", contribution=evening.lent[LEAVER])
    await evening.host.heard("dreamscape.superseded")
    new = (await evening.host.heard("blend.finished", times=2))["dreamscape"]
    scape = await asyncio.to_thread(evening.people[HOST].get, f"/g/{GUILD}/dreamscapes/{new}/")
    _checked_report(evening, scape["document"], dreams=len(DEPTHS) - 1)
    if new == old or evening.lent[LEAVER] in str(scape["document"]):
        raise DemoFailed(f"{LEAVER}'s dream is still in the dreamscape.")
    evening.say(f"{LEAVER} took her dream back: the dreamscape was made again from the other four.")


async def _account(evening: Evening) -> None:
    """What the ledger says was done with one dream, as its dreamer sees it."""
    uses = await asyncio.to_thread(evening.people[LEAVER].get, "/uses/")
    here = [use for use in uses["results"] if use["contribution"] == evening.lent[LEAVER]]
    if not any(use["purpose"] == "blend" for use in here):
        raise DemoFailed(f"The blend of {LEAVER}'s dream is not recorded.")
    evening.say(f"Recorded for {LEAVER}: " + _listed(here) + ".")
    consents = await asyncio.to_thread(evening.people[LEAVER].get, "/consents/")
    taken_back = next(row for row in consents["results"] if row["contribution"] == evening.lent[LEAVER])
    if taken_back["withdrawn_at"] is None:
        raise DemoFailed(f"{LEAVER}'s withdrawal is not recorded.")


def _listed(uses: list[dict[str, Any]]) -> str:
    return "; ".join(
        f"{use['purpose']} with {use['count'] - 1} others, leaf {use['leaf_index']}" for use in uses
    )


async def _close(evening: Evening) -> None:
    """The host ends the session, and everyone hears that too."""
    await evening.host.say("session.set_stage", stage="closing")
    await evening.host.say("session.close")
    for seat in evening.seats.values():
        await seat.heard("session.closed")
    evening.say("The session is closed. Everything above really happened.")

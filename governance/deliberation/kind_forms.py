"""The form of each kind of proposal. A wing that registers a hand may register its form beside it."""

from collections.abc import Mapping
from typing import Any, Final

from governance.deliberation.appointment_forms import AppointmentForm
from governance.deliberation.enums import Kind
from governance.deliberation.forms import DraftForm, FreeForm
from governance.deliberation.law_forms import LawForm, Part, part_of
from governance.deliberation.outcomes import possible_kinds
from guild.tenancy.models import Guild
from guild.tenancy.requests import GuildRequest

HINTS: Final[Mapping[Kind, str]] = {
    Kind.POLICY: "When it passes, the law of the guild says it by itself.",
    Kind.APPOINTMENT: "When it passes, the office changes hands by itself.",
    Kind.EXPERIENCE: "When it passes, the experience may be used in sessions.",
    Kind.FREE: "The guild decides, and members do what was decided.",
}
_forms: dict[Kind, type[DraftForm]] = {
    Kind.FREE: FreeForm,
    Kind.POLICY: LawForm,
    Kind.APPOINTMENT: AppointmentForm,
}


def register_form(kind: Kind, form: type[DraftForm]) -> None:
    """Let proposals of this kind be written on a page."""
    _forms.setdefault(kind, form)


def kinds_offered() -> list[tuple[Kind, str]]:
    """What can be proposed on a page, each with a sentence."""
    return [(kind, HINTS[kind]) for kind in possible_kinds() if kind in _forms]


def part_asked(request: GuildRequest, kind: Kind) -> Part | None:
    """Which part of the law a change is about; None where none is named, or the kind has no parts."""
    asked = request.POST.get("part") or request.GET.get("part", "")
    return part_of(asked, request.guild) if kind is Kind.POLICY else None


def form_of(kind: Kind, data: Any, *, guild: Guild, part: Part | None = None) -> DraftForm:
    """An empty or a filled-in form; of a change of the law, that of one part of it."""
    if part is not None:
        return LawForm(data, guild=guild, part=part.name)
    return _forms[kind](data, guild=guild)


def petition_form_of(kind: Kind, data: Any, *, guild: Guild, part: Part | None = None) -> DraftForm:
    """The same for a petition, which is voted on with yes and no, a day after enough have signed."""
    form = form_of(kind, data, guild=guild, part=part)
    for name in ("opens_at", "secret", "method", "options"):
        form.fields.pop(name, None)
    return form

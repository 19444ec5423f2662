"""What a leaf of each kind must hold for anything to be made of it. Pure.

The application writes more into its leaves; here stands what audits ask of them. A leaf without it was
written by hand: it is named, and not listened to.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from governance.ledger.enums import LeafKind

_Kinds = type | tuple[type, ...]


class Form(NamedTuple):
    """How many subjects there are at least, and what kinds of things the detail has under which names.

    `if_there` names what may be missing.
    """

    subjects: int
    detail: Mapping[str, _Kinds] = MappingProxyType({})
    if_there: Mapping[str, _Kinds] = MappingProxyType({})


def _form(subjects: int, **detail: _Kinds) -> Form:
    return Form(subjects, MappingProxyType(detail))


_OFFICE: Final = _form(1, office=str)

FORMS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        kind.value: form
        for kind, form in {
            LeafKind.ASSOCIATION_ADDED: _form(1),
            LeafKind.BLEND_HALTED: _form(1, session=str, runs=list),
            LeafKind.BLEND_RESISTED: _form(1),
            LeafKind.BLEND_RELENTED: _form(1),
            LeafKind.OFFICE_GRANTED: _OFFICE,
            LeafKind.OFFICE_RENEWED: _OFFICE,
            LeafKind.OFFICE_WITHDRAWN: _OFFICE,
            LeafKind.AUDIT_FINISHED: Form(
                1, if_there={"checkpoint": int, "checkpoints": int, "looked": dict}
            ),
            LeafKind.RULING_MADE: _form(2),
            LeafKind.REMEDY_DONE: _form(2, remedy=str),
            LeafKind.APPEAL_MADE: _form(3),
            LeafKind.APPEAL_DECIDED: _form(3, outcome=str),
            LeafKind.CONTENT_REPORTED: _form(1, kind=str, reason=str, target=str),
            LeafKind.CONTENT_DECIDED: _form(1, decision=str, office=str, reasons=str),
            LeafKind.MODERATION_APPEALED: _form(1, reasons=str),
            LeafKind.MODERATION_ANSWERED: _form(1, outcome=str, reasons=str),
            LeafKind.EXPERIENCE_WRITTEN: _form(2, number=int, numbers=str),
            LeafKind.EXPERIENCE_TRIED: _form(2),
            LeafKind.EXPERIENCE_ENDORSED: _form(2),
            LeafKind.EXPERIENCE_APPROVED: _form(2),
            LeafKind.EXPERIENCE_SUSPENDED: _form(1),
            LeafKind.EXPERIENCE_LIFTED: _form(1),
            LeafKind.EXPERIENCE_LIFTING_ASKED: _form(1),
            LeafKind.PROPOSAL_DRAFTED: _form(1, version=int, digest=str, kind=str),
            LeafKind.PROPOSAL_REVISED: _form(1, version=int, digest=str),
            LeafKind.PROPOSAL_SPONSORED: _form(1, version=int),
            LeafKind.PROPOSAL_OPENED: _form(1, rules=dict, electorate=str),
            LeafKind.PROPOSAL_CLOSED: _form(1, result=str, digest=str),
            LeafKind.PROPOSAL_ENACTED: _form(1),
            LeafKind.PROPOSAL_WITHDRAWN: _form(1),
            LeafKind.BALLOT_CAST: _form(2, commitment=str, supersedes=str),
            LeafKind.PETITION_STARTED: _form(1, digest=str),
            LeafKind.PETITION_SIGNED: _form(1),
            LeafKind.PETITION_UNSIGNED: _form(1),
            LeafKind.PETITION_CARRIED: _form(2),
            LeafKind.PETITION_WITHDRAWN: _form(1),
        }.items()
    }
)


def has_form(kind: str, detail: Mapping[str, Any]) -> bool:
    """Whether a leaf of that kind may have such a detail."""
    form = FORMS.get(kind)
    return form is None or (
        all(_is(detail.get(name), kinds) for name, kinds in form.detail.items())
        and all(name not in detail or _is(detail[name], kinds) for name, kinds in form.if_there.items())
    )


def has_subjects(kind: str, subjects: Sequence[str]) -> bool:
    """Whether a leaf of that kind is about as many things as it must be."""
    form = FORMS.get(kind)
    return form is None or len(subjects) >= form.subjects


def _is(value: Any, kinds: _Kinds) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)

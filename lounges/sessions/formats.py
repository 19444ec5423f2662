"""The formats of a session, declared: their stages, and what each stage allows.

A format says what is possible; who may do it is the policies' question. Another practice - a Social
Dreaming Matrix, an Ullman group - is one more `Format` here, and no other module changes.

Some commands are in no stage's gift: joining, leaving, coming back, being present, calling for a stop, and
above all withdrawing. A dreamer's decision to stop is honoured in every stage of every format, and after the
session too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Act(StrEnum):
    """What a person can do in a session, named as on the wire."""

    JOIN = "session.join"
    SHARE = "session.share"
    ASSOCIATE = "session.associate"
    STEP_OUT = "session.step_out"
    RETURN = "session.return"
    WITHDRAW = "session.withdraw"
    SET_STAGE = "session.set_stage"
    BLEND = "session.blend"
    CLOSE = "session.close"
    RESIST = "session.resist"
    RELENT = "session.relent"
    BEAT = "presence.beat"


ALWAYS = frozenset({Act.WITHDRAW, Act.STEP_OUT})
WHILE_OPEN = frozenset({Act.JOIN, Act.RETURN, Act.BEAT, Act.SET_STAGE, Act.CLOSE, Act.RESIST, Act.RELENT})


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its name on the wire, what people see, and what it lets them do beyond what is always
    possible.
    """

    name: str
    title: str
    invitation: str
    allows: frozenset[Act]


@dataclass(frozen=True, slots=True)
class Format:
    """A practice. `associates_with_own`: whether a dreamer may associate to their own dream."""

    name: str
    title: str
    description: str
    stages: tuple[Stage, ...]
    associates_with_own: bool

    def stage(self, name: str) -> Stage:
        """The stage called `name`. Raises KeyError when this format has none of that name."""
        for stage in self.stages:
            if stage.name == name:
                return stage
        raise KeyError(f"The format '{self.title}' has no stage called '{name}'.")

    @property
    def first(self) -> Stage:
        return self.stages[0]

    def after(self, name: str) -> Stage | None:
        """The stage that follows, or None after the last."""
        index = self.stages.index(self.stage(name))
        return self.stages[index + 1] if index + 1 < len(self.stages) else None

    def may_move(self, *, source: str, target: str) -> bool:
        """One stage forward, so that none is passed over, or back to any earlier one."""
        names = [stage.name for stage in self.stages]
        if source not in names or target not in names:
            return False
        step = names.index(target) - names.index(source)
        return step == 1 or step < 0

    def allows(self, act: Act, *, stage: str) -> bool:
        """Whether an open session of this format allows `act` in `stage`."""
        return act in ALWAYS or act in WHILE_OPEN or act in self.stage(stage).allows

    def stages_allowing(self, act: Act) -> tuple[Stage, ...]:
        return tuple(stage for stage in self.stages if act in stage.allows)


OPEN_CIRCLE = Format(
    name="open_circle",
    title="Open circle",
    description="Everyone may lend a dream and say what it brings to mind. A host keeps the time.",
    associates_with_own=True,
    stages=(
        Stage(
            name="arriving",
            title="Arriving",
            invitation="Take a moment to arrive. Nobody needs to bring anything.",
            allows=frozenset(),
        ),
        Stage(
            name="sharing",
            title="Sharing",
            invitation="Lend a dream, or a part of one, on the terms you choose. Listening is enough.",
            allows=frozenset({Act.SHARE}),
        ),
        Stage(
            name="associating",
            title="Associating",
            invitation="Say what a dream brings to mind for you. Nobody tells anybody what a dream means.",
            allows=frozenset({Act.SHARE, Act.ASSOCIATE}),
        ),
        Stage(
            name="blending",
            title="Blending",
            invitation="The host may blend the dreams whose dreamers allowed it, as far as they allowed it.",
            allows=frozenset({Act.ASSOCIATE, Act.BLEND}),
        ),
        Stage(
            name="closing",
            title="Closing",
            invitation="A last word, if you like. What you lent stays yours to withdraw, also after this.",
            allows=frozenset({Act.ASSOCIATE}),
        ),
    ),
)

FORMATS: Mapping[str, Format] = MappingProxyType({OPEN_CIRCLE.name: OPEN_CIRCLE})


def format_named(name: str) -> Format:
    """The format called `name`. Raises KeyError when there is none."""
    try:
        return FORMATS[name]
    except KeyError:
        raise KeyError(f"There is no format called '{name}'; choose one of: {', '.join(FORMATS)}.") from None

"""What one chooses about notices, on one page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms

from guild.notifications.enums import Channel, Every, Group, Kind, When
from guild.notifications.kinds import SAID

_MONDAY = date(2026, 11, 23)
WEEKDAYS = [(day, f"{_MONDAY + timedelta(days=day):%A}") for day in range(7)]
HOURS = [(hour, f"{hour:02d}:00") for hour in range(24)]


@dataclass(frozen=True)
class Row:
    """One line of the table: a group, what belongs to it, and one field for each channel."""

    group: Group
    kinds: tuple[str, ...]
    cells: tuple[tuple[Channel, forms.BoundField], ...]


class ChoicesForm(forms.Form):
    """When one is told of every group by every channel, when what is gathered comes, and the quiet."""

    every = forms.ChoiceField(label="What is gathered comes", choices=Every.choices, widget=forms.RadioSelect)
    weekday = forms.TypedChoiceField(label="Once a week on", coerce=int, choices=WEEKDAYS)
    hour = forms.TypedChoiceField(label="At", coerce=int, choices=HOURS)
    quiet_from = forms.TimeField(
        label="Quiet from", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label="Quiet until", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group in Group:
            for channel in Channel:
                label = f"{group.label}, {channel.label.lower()}"
                self.fields[_name(group, channel)] = forms.ChoiceField(label=label, choices=When.choices)

    @property
    def rows(self) -> Iterator[Row]:
        """The table, line by line."""
        for group in Group:
            kinds = tuple(kind.label for kind in Kind if SAID[kind].group is group)
            cells = tuple((channel, self[_name(group, channel)]) for channel in Channel)
            yield Row(group, kinds, cells)

    @property
    def choices(self) -> dict[tuple[Group, Channel], When]:
        """What the service takes."""
        return {
            (group, channel): When(self.cleaned_data[_name(group, channel)])
            for group in Group
            for channel in Channel
        }

    @staticmethod
    def initial_of(wishes: dict[tuple[Group, Channel], When]) -> dict[str, str]:
        """The names and values of what holds now."""
        return {_name(group, channel): when.value for (group, channel), when in wishes.items()}


def _name(group: Group, channel: Channel) -> str:
    return f"{group.value}-{channel.value}"

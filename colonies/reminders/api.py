"""One's own reminders in the API."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from colonies.reminders import selectors, services
from colonies.reminders.services import MINUTES
from colonies.rituals import selectors as rituals
from colonies.rituals.api_refusals import answering
from guild.dreamers.models import Dreamer
from guild.notifications.devices import devices_of
from guild.notifications.services import set_quiet
from guild.tenancy.api_requests import me, valid


class QuietHoursSerializer(serializers.Serializer[Any]):
    """Between these nothing rings, by one's own clock; the same time twice is no quiet."""

    quiet_from = serializers.TimeField()
    quiet_until = serializers.TimeField()


class RitualReminderSerializer(serializers.Serializer[Any]):
    """How one is reminded of a ritual: on the pages always, and in other ways as chosen."""

    minutes_before = serializers.ChoiceField(choices=[(minutes, str(minutes)) for minutes in MINUTES])
    by_email = serializers.BooleanField(default=False)
    by_push = serializers.BooleanField(default=False)


class ChosenReminderSerializer(RitualReminderSerializer):
    """The same with what it is of. `allowed` is whether reminders are consented to in that guild: without
    that, none comes.
    """

    guild = serializers.SlugField()
    ritual = serializers.UUIDField()
    title = serializers.CharField()
    allowed = serializers.BooleanField()


class RemindersSerializer(QuietHoursSerializer):
    """Everything about one's reminders."""

    devices = serializers.IntegerField()
    rituals = ChosenReminderSerializer(many=True)


class Reminders(APIView):
    """What one is reminded of, and the hours of quiet."""

    @extend_schema(operation_id="reminders", responses=RemindersSerializer)
    def get(self, request: Request) -> Response:
        return Response(RemindersSerializer(_everything(_me(request))).data)

    @extend_schema(
        operation_id="reminders_quiet", request=QuietHoursSerializer, responses=QuietHoursSerializer
    )
    def put(self, request: Request) -> Response:
        given = valid(QuietHoursSerializer, request.data)
        set_quiet(by=_me(request).pk, since=given["quiet_from"], until=given["quiet_until"])
        return Response(QuietHoursSerializer(given).data)


class ReminderOfRitual(APIView):
    """How one is reminded of one ritual. Reminders are allowed through the consents first."""

    @extend_schema(
        operation_id="reminders_choose", request=RitualReminderSerializer, responses=RitualReminderSerializer
    )
    def put(self, request: Request, guild_slug: str, ritual_id: UUID) -> Response:
        ritual = rituals.ritual_for(me(request), ritual_id)
        given = valid(RitualReminderSerializer, request.data)
        with answering():
            row = services.remind_me(
                by=me(request),
                ritual=ritual,
                minutes=given["minutes_before"],
                by_email=given["by_email"],
                by_push=given["by_push"],
            )
        return Response(RitualReminderSerializer(row).data)

    @extend_schema(operation_id="reminders_leave", request=None, responses={204: None})
    def delete(self, request: Request, guild_slug: str, ritual_id: UUID) -> Response:
        services.leave_me(by=me(request), ritual=rituals.ritual_for(me(request), ritual_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _me(request: Request) -> Dreamer:
    dreamer: Dreamer = request.user  # type: ignore[assignment]
    return dreamer


def _everything(dreamer: Dreamer) -> dict[str, Any]:
    return {
        "quiet_from": dreamer.quiet_from,
        "quiet_until": dreamer.quiet_until,
        "devices": len(devices_of(dreamer.pk)),
        "rituals": [
            {
                "guild": place.membership.guild.slug,
                "ritual": choice.ritual.pk,
                "title": choice.ritual.title,
                "allowed": place.allowed,
                "minutes_before": choice.reminder.minutes_before,
                "by_email": choice.reminder.by_email,
                "by_push": choice.reminder.by_push,
            }
            for place in selectors.choices_of(dreamer)
            for choice in place.choices
            if choice.reminder is not None
        ],
    }

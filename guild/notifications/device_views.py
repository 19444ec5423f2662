"""Letting a browser ring, and no longer."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guild.notifications import devices
from guild.notifications.errors import DeviceRefused
from guild.notifications.push import Device
from guild.tenancy.requests import DreamerRequest

LONGEST_DEVICE = 4_000


@never_cache
@require_POST
def add_device(request: DreamerRequest) -> HttpResponse:
    """A browser that may ring, as its own script sends it: {endpoint, keys: {p256dh, auth}}."""
    try:
        given = json.loads(request.body[:LONGEST_DEVICE])
        device = Device(str(given["endpoint"]), str(given["keys"]["p256dh"]), str(given["keys"]["auth"]))
        row = devices.add_device(by=request.user, device=device)
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"detail": "This is no browser that can ring."}, status=400)
    except DeviceRefused as error:
        return JsonResponse({"detail": str(error)}, status=400)
    return JsonResponse({"device": str(row.pk)}, status=201)


@never_cache
@require_POST
def remove_device(request: DreamerRequest, device_id: UUID) -> HttpResponseBase:
    """It rings no more."""
    devices.remove_device(by=request.user, device_id=device_id)
    messages.success(request, "That device rings no more.")
    return redirect("notifications:choices")

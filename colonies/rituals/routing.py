"""Where the sockets of tonight's pages are answered."""

from django.urls import path

from colonies.rituals.consumers import TonightConsumer

websocket_urlpatterns = [path("ws/tonight/", TonightConsumer.as_asgi())]

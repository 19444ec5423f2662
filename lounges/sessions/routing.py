"""Where sockets are answered."""

from django.urls import path

from lounges.sessions.consumers import LiveConsumer

websocket_urlpatterns = [path("ws/", LiveConsumer.as_asgi())]

"""What can go wrong with one's notices. Messages are for the person."""


class DeviceRefused(Exception):
    """This browser cannot ring (a 400); the message says why."""

"""What ends a demonstration."""


class DemoFailed(Exception):
    """A step did not happen; the sentence says which."""

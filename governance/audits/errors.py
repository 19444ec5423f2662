"""What can go wrong with an audit, one class per thing a caller can act on."""


class FindingsLost(Exception):
    """What was found was written down, and is not there: the database does not keep what it is given."""

"""What can stop the local house from starting: each message is one sentence a person can act on."""


class CannotStart(Exception):
    """The local house cannot start as asked; nothing was damaged, and the message says what to do."""


class PrivateFolder(CannotStart):
    """A folder that Postgres must reach is closed to the account it runs as."""


class AccountMissing(CannotStart):
    """Postgres does not run as root, and the account it should run as cannot be made."""


class WrongVersion(CannotStart):
    """The data directory was made by another major version of Postgres."""


class DiskFull(CannotStart):
    """There is no room left to start safely."""


class PortTaken(CannotStart):
    """Another program listens on the port that was asked for."""


class AlreadyRunning(CannotStart):
    """The same folder is in use by a server or a house that is still running."""


class ServerFailed(CannotStart):
    """An embedded server ended or did not answer; the message carries its own last words."""


class Misconfigured(CannotStart):
    """The environment contradicts itself, or leaves out what is needed."""

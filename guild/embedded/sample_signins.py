"""How to sign in to the sample guild. Public on purpose: `make up` prints it. Pure."""

PASSWORD = "a lantern at the window"  # noqa: S105 the sample's, and nobody else's
ADDRESS = "{}@example.org"
GUILD, STRANGERS_GUILD = "lantern", "harbour"
NAMES = ("ayla", "finn", "lara", "ezra", "mira", "zed")

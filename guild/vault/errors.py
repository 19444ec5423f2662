"""Why something sealed did not open."""


class VaultError(Exception):
    """Something sealed could not be sealed or opened."""


class KeyDestroyed(VaultError):
    """The data key was destroyed: what it sealed is erased for good."""


class KeyMissing(VaultError):
    """No such data key is visible here, or its key-encryption key is not at hand."""


class SealBroken(VaultError):
    """The bytes were altered, or stand in another row, field, guild or revision than they were sealed for."""

"""What can go wrong with a log, one class per thing a caller can act on."""


class LedgerError(Exception):
    """Base of every error of the ledger."""


class EntryRefused(LedgerError):
    """The entry may not be recorded as it is: it is not canonical, too long, or could hold words."""


class LeafMissing(LedgerError):
    """The log has no leaf at that index."""


class ProofRejected(LedgerError):
    """The proof does not show what it claims: treat the log, or the receipt, as false."""


class NoteMalformed(LedgerError):
    """The bytes are no signed note, no checkpoint or no verification key of the published formats."""


class SignatureRejected(LedgerError):
    """A note that a known key did not sign, or not with these words: treat what it says as false."""


class SeedMissing(LedgerError):
    """The secret from which the keys of the logs come is not at hand, or is none."""


class LogRewritten(LedgerError):
    """The log no longer continues what was signed before: nothing more is signed until it does."""


class WitnessSilent(LedgerError):
    """A witness does not answer, or not in a way that can be understood."""


class LogUnknown(LedgerError):
    """A witness was asked about a log that it was not told to witness."""


class LogRejected(LedgerError):
    """A log that an outsider looked at is not what its key, its witnesses or an earlier visit say it is."""

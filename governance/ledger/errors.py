"""What can go wrong with a log, one class per thing a caller can act on."""


class LedgerError(Exception):
    """Base of every error of the ledger."""


class EntryRefused(LedgerError):
    """The entry may not be recorded as it is: it is not canonical, too long, or could hold words."""


class LeafMissing(LedgerError):
    """The log has no leaf at that index."""


class ProofRejected(LedgerError):
    """The proof does not show what it claims: treat the log, or the receipt, as false."""

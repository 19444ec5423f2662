"""The kinds of leaf, and how a member reads each."""

from typing import Final

from django.db import models


class LeafKind(models.TextChoices):
    """What a leaf records. The value is written into the log for ever: add kinds, never rename one."""

    GUILD_FOUNDED = "guild.founded", "the guild was founded"
    MEMBERSHIP_STARTED = "membership.started", "a dreamer joined the guild"
    MEMBERSHIP_ENDED = "membership.ended", "a dreamer left the guild"
    OFFICE_GRANTED = "office.granted", "an office was given"
    OFFICE_WITHDRAWN = "office.withdrawn", "an office was taken back"
    LOUNGE_MADE = "lounge.made", "a lounge was made"
    LOUNGE_CHANGED = "lounge.changed", "a lounge was changed"
    SESSION_SCHEDULED = "session.scheduled", "a session was scheduled"
    SESSION_OPENED = "session.opened", "a session was opened"
    SESSION_CLOSED = "session.closed", "a session was closed"
    CONTRIBUTION_LENT = "contribution.lent", "a dream was lent to a session"
    CONTRIBUTION_WITHDRAWN = "contribution.withdrawn", "a lent dream was withdrawn and its key destroyed"
    CONSENT_GIVEN = "consent.given", "a dreamer gave consent"
    CONSENT_REFUSED = "consent.refused", "a dreamer refused consent"
    CONSENT_WITHDRAWN = "consent.withdrawn", "a dreamer withdrew consent"
    CONSENT_EXPIRED = "consent.expired", "a consent ran out"
    USE = "use", "lent dreams were used"
    BLEND_REQUESTED = "blend.requested", "a blend was asked for"
    BLEND_FAILED = "blend.failed", "a blend failed"
    DREAMSCAPE_MADE = "dreamscape.made", "a dreamscape was made"
    DREAMSCAPE_SUPERSEDED = "dreamscape.superseded", "a dreamscape was superseded"
    POLICY_ENACTED = "policy.enacted", "a policy was enacted"
    CONSENT_RESTRICTED = "consent.restricted", "a dreamer restricted a lent dream to storage"
    CONSENT_UNRESTRICTED = "consent.unrestricted", "a dreamer lifted a restriction"
    RECIPIENTS_TOLD = "recipients.told", "those who had received a withdrawn dream were told"
    DREAM_RECTIFIED = "dream.rectified", "a lent dream was corrected by its dreamer"
    AUDIT_REQUESTED = "audit.requested", "an audit was asked for"
    AUDIT_FINISHED = "audit.finished", "an audit came to its end"
    FINDING_MADE = "finding.made", "an audit found something that was not allowed"
    FINDING_ASSIGNED = "finding.assigned", "a finding was given to an enforcer"
    RULING_MADE = "ruling.made", "an enforcer ruled on a finding"
    RULING_CONFIRMED = "ruling.confirmed", "a second enforcer confirmed a ruling"
    REMEDY_DONE = "remedy.done", "a remedy took effect"
    APPEAL_MADE = "appeal.made", "a ruling was appealed"
    APPEAL_DECIDED = "appeal.decided", "another enforcer decided an appeal"
    EXPORT_MADE = "export.made", "an export was made"
    ERASURE_DONE = "erasure.done", "a dreamer's data was erased and its key destroyed"
    KEY_ROTATED = "key.rotated", "keys were wrapped anew"


SYSTEM: Final = "system"
"""The actor of what nobody did by hand: an expiry, a scheduled task."""

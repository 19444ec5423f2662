"""Whatever answers members of a guild without a question to its law, each with its reason."""

PUBLIC_LOG = "the log is public: outsiders verify it, and it holds no words"
OWN = "one's own alone: the wall shows it to nobody else, and nobody's leave is needed"
NOTHING_HIDDEN = "not there for anybody of the table: nothing of theirs is hidden (see test_moderation)"

UNASKED: dict[str, str] = {
    "GET-log:checkpoint": PUBLIC_LOG,
    "GET-log:vkey": PUBLIC_LOG,
    "GET-log:tile": PUBLIC_LOG,
    "GET-log:entries": PUBLIC_LOG,
    "GET-log:witness-vkey": PUBLIC_LOG,
    "POST-log:add-checkpoint": "guilds witness each other's logs: what counts is the signature",
    "GET-api-contributions": OWN,
    "POST-exchange:unsay": OWN,
    "POST-moderation:appeal": NOTHING_HIDDEN,
    "POST-api-moderation-appeal": NOTHING_HIDDEN,
}

ASKS_LATER = "asks again for a task of its own, and that task asks the law"
TELLS = "tells each dreamer what is theirs to know, by their own choices"
COUNTS = "reads and writes figures and findings, from which nothing follows by itself"

UNASKED_TASKS: dict[str, str] = {
    "portal.heartbeat": "says that a worker is there",
    "portal.forget_staged": "removes what nobody said yes to, each in its dreamer's own tenant",
    "reminders.send_due": TELLS,
    "notifications.send_due": TELLS,
    "sessions.tell_soon": TELLS,
    "exchange.tell_letters": TELLS,
    "oversight.remind": TELLS,
    "oversight.audit": COUNTS,
    "exchange.count_cultures": COUNTS,
    "oversight.audit_every_guild": ASKS_LATER,
    "oversight.resume_audits": ASKS_LATER,
    "dreamscapes.resume_stalled": ASKS_LATER,
    "ledger.checkpoint": "signs what the log holds already",
}

"""Notices: one's own inbox, by e-mail and from the browser, at once or gathered; in no hour of quiet."""

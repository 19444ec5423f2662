"""Reminders of what one keeps: by e-mail, by the browser, in the page; in no hour of quiet."""

"""Moderation: what members report, what stewards and enforcers decide, and a log that all may read."""

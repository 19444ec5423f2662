"""Halts: any participant may call for a stop, and at the guild's threshold the blend stops at once."""

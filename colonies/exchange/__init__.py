"""Rituals that pass from colony to colony, with their lineage; and how many cultures a guild really holds."""

"""Colonies, their rituals, when they are kept, and who kept them."""

"""Experiences: the recipes by which a guild blends, in versions, and who approved them."""

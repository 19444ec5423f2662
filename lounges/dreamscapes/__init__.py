"""Blend runs, the dreamscapes they make, everybody's own reflection, and what a withdrawal undoes."""

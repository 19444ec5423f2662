"""Template tags of every page; `{% load portal %}` brings them all."""

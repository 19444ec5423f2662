"""The sleep diary: property of its dreamer, sealed, and never ranked."""

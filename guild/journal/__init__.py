"""The journal: dreams, which belong to the dreamer alone."""

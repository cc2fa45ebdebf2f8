"""Tatbiq: what public meetings recommend becomes actions with owners, deadlines and a public record."""

import gc

# Looking for cycles at every 700th new object costs a sixth of the start, which makes hardly anything else.
gc.set_threshold(25_000, 10, 10)

"""Audit of scored samples: what a quantilizer at level q gains on a file of proxy utilities, and what it may cost."""

r"""Streaming Monte Carlo over a problem: counter-based draws, whole-number sums in bins of utility, flat memory."""

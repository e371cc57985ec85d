r"""Verdict statistics: intervals, betting tests and the profile e-test. NumPy and SciPy only."""

r"""Keeping the sums of an unfinished run in a file, so that it goes on after any interruption and ends in the same bytes."""

"""Goodhart's law in models one can compute: what selection on a proxy does to the true value, in four ways and two extremes."""

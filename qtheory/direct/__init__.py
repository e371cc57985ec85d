r"""Sampling a policy itself: ranks by inversion where the base has a quantile function, rare events by importance."""

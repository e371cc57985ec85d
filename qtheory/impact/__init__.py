"""Targeted impact: how far an optimizer moves chosen features of the world, in four readings kept apart."""

"""Expectations under rank-based policies on one-dimensional bases: many levels, many functions, one rule."""

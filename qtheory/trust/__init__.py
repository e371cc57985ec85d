"""What a base, a check or a student is worth: formulas in numbers, for laws of scores."""

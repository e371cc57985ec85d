"""Puts this folder on the path, so that tests in every folder can share `small_problems`."""

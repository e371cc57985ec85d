r"""What a problem offers: value against worst-case cost over q, and optimizers side by side."""

"""Tables that write-ups draw: what many policies, runs or settings show side by side."""

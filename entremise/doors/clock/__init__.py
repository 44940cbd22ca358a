"""Commands: what the clock or an operator starts."""

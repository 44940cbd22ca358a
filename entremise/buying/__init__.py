"""Buying together: boxes filled, price tiers reached, what each receives."""

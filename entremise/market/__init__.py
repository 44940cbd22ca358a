"""Needs and offers put forward, and who was asked and said yes."""

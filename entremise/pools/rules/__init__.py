"""Kinds of budgets, what hours of help are for, states, and what each one pays of shared hours. Pure."""

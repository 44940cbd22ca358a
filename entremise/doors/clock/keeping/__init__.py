"""Backups: one file with everything, made while the programs run, and put back whole or not at all."""

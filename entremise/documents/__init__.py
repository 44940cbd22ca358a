"""Contracts, invoices, payslips and slips: gapless numbers, rendering, and an archive that nobody can change."""

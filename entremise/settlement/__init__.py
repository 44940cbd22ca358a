"""Fulfilled promises become invoices, payslips and payments."""

"""Formats of the outside world: typst pages, Factur-X invoices, QR codes, scans. No models, no rows."""

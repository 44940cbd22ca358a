"""Double entry: one debit, one credit, one positive integer per transfer. Insert-only."""

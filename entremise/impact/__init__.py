"""Published figures, computed from facts, transfers and agreements. Reads only."""

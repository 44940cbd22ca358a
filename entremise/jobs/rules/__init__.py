"""What the jobs room decides without asking anybody: pure functions of their arguments."""

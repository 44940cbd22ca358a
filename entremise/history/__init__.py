"""Who did what to which thing, for whom, through which door. Append-only and hash-chained."""

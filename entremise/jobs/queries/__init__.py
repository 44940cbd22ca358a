"""Questions about small jobs: who could go, what it costs, what the day looks like."""

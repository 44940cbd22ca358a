"""What people say before a day that they would give, and what happens when it is enough, or not."""

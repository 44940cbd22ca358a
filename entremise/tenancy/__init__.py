"""Organisations, and the first wall between them: the scope in force, the base model, the tenant foreign key."""

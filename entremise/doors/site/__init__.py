"""Public pages of an organisation, and the pages of its members."""

"""People who put their care budgets together for hours of help: one balance each, shared hours, the right to leave."""

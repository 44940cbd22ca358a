"""Dated legal and tariff figures, each with its source; organisations may override them."""

"""Policies: what would change, for whom and from when; whose invoices each is for; read from files and written."""

"""A company's receivables in Jupyter: what is owed, since when, by whom, and what if the terms change."""

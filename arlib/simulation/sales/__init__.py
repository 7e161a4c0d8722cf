"""The sales to come: last year's on their days, or a plan; how far they may be off; sales and receivable until now."""

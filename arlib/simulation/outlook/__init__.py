"""What a policy makes of open items and sales to come: each line of invoices under it, added up into its curves."""

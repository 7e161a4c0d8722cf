"""What does not add up, drawn: invoice by invoice where they are few, on sums of them where they are many."""

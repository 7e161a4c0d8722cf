"""What curves come to: every DSO made of flows, costs, the law, and the sentence that says it."""

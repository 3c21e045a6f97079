"""A real Chrome under a check: where it comes from, its windows, and what goes over their wires."""

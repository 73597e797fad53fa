"""Pages of conversions as tables to take away."""

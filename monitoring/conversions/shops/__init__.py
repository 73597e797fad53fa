"""Shops: one connector each. They map what a shop says to our own words; they never store, schedule or wait."""

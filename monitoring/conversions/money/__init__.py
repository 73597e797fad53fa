"""Money in several currencies: what one was worth in another on a day, where that is from, and its day."""

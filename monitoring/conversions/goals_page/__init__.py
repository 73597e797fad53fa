"""What the goals page says, put together from selectors; templates only place it."""

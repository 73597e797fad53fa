"""From somebody following a tracked link to an exact count of visits."""

"""Do something to mentions, one or a million at once, so that it can be undone: ask, lay out, work in batches."""

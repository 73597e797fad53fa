"""Questions about what was found: one module per subject, typed answers."""

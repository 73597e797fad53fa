"""From somebody coming to the organization's own site to a visit, a conversion and what they say they heard."""

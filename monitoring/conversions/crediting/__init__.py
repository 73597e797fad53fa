"""From what is known about a conversion to its touches, and from those to credits by day."""

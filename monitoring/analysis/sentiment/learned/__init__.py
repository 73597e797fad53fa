"""The judge that learns: a compact linear model over pieces of words and what the rules read."""

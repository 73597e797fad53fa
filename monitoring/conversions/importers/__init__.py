"""Files of the till and of the advertising accounts."""

"""Asking shops for their orders: which are due, who asks, and page by page what they say."""

"""Calls from shops: checked and stored while the shop waits, worked on afterwards."""

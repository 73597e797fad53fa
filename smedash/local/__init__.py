"""What the commands under `bin/` do: SMEdash with servers of its own on one machine.

Nothing in here needs Django to be configured.
"""

"""What nobody should send, for every address: made up anew for each field that a view reads."""

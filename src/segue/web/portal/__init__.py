"""The door for candidates."""

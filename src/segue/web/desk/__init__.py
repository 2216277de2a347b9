"""The door for the talent team."""

"""Finding communities anew, seating people in them, and what a person calls them."""

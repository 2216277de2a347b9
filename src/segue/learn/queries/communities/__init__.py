"""What communities are made of, and what may be seen of them."""

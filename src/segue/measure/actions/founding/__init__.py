"""How each kind of the invented company's rows comes in."""

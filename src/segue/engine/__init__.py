"""Pure maths: arrays in, arrays out. No clock, network, files or global randomness."""

"""What behaviour and words mean: features and tastes."""

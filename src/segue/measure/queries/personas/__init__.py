"""What a segment's people have in common, in figures: the persona card, every line with what it rests on."""

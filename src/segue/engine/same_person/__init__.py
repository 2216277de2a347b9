"""Are these two the same person? Names and contacts brought to a common form, and four rules that say why."""

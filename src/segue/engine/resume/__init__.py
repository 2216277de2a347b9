"""A résumé read: boxes on a page become lines in order, lines become sections, sections become facts.

layout      what a line is, and a document: one text whose characters can be pointed at
xycut       words with boxes -> lines in reading order, through columns and tables
paragraphs  lines that a page cut in two, joined again
reading     lines -> contact, positions, education and language, each with span and confidence
"""

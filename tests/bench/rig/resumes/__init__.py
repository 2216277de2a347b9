"""Résumés invented with their truth: whose they are, what they say, and in which order they are to be read.

words_*    what people of six languages write, by us
invent     a person with a career, from a seed
flow       the page as flows of pieces, laid out in five ways
as_pdf, as_docx   the same flows as files
"""

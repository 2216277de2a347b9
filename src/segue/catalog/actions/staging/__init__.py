"""Imports in the background: a file is taken, read into rows that wait, tried out, and let in piece by piece.

uploads   the bytes somebody sent, kept in the database until their rows are read
reading   bytes -> rows that wait, whatever the file is
checking  columns confirmed; a dry run of everything, taken back
landing   a piece a job, each in a transaction of its own: a stop anywhere loses and doubles nothing
retrying  rows that were not accepted: mended, tried again, or left out for a reason
keeping   how long any of it is kept, and that erasure reaches it
"""

"""Spreadsheets, read in a child process that can do nothing else.

jail    starts the child, and gives what went wrong its name (this side imports Django)
child   the child: limits itself as the reader of résumés does, then says the first filled sheet as CSV

Nothing is imported here: the child must stay small.
"""

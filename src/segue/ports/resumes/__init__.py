"""Résumé files, read in a child process that can do nothing else.

jail    starts the child, waits, and gives what went wrong its name (this side imports Django)
child   the child: limits itself, then reads one file from its standard input
cell    the limits
pdf, docx, plain   what each kind of file says, as lines

Nothing is imported here: the child must stay small.
"""

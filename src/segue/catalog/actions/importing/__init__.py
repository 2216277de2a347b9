"""Files from elsewhere: read, mapped, checked row by row, landed in one transaction, every row accounted for.

reading   bytes -> rows with line numbers; a malformed file is refused before anything is written
mapping   the file's headers -> our fields
*_rows    a row -> a draft, or a problem with a name
landing*  drafts -> rows of the catalog, by external id, only where something changed
report    counts that conserve, and the file of rejected rows
"""

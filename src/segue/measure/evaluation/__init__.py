"""How well recommenders do on a log: read it, divide it, rank everything, say what came of it.

Nothing here needs a database or Django: `segue evaluate` runs on files alone.
"""

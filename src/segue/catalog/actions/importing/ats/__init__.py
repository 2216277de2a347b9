"""Exports of applicant tracking systems, in the shapes their interfaces publish, as rows of ours.

records     the objects of an export: one file or many, whole or in pages, in a folder or a zip
shapes      what every system's reader gives back, and the small readings they share
greenhouse, lever, ashby, workable
            which kind of thing an object is, and what it says in our fields
"""

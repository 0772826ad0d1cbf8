"""What every table means: one Pandera class a table, sources' and warehouse's.

Column meaning, type, unit and description are said in this package and nowhere else; DDL,
``COMMENT ON`` and documentation are made from it.
"""

"""Declarations of all tables, the sources' and the warehouse's: one Pandera class a table.

Types, units, rules and meanings of columns are declared in this package and nowhere else. CREATE TABLE and COMMENT ON
statements and the documentation are generated from it.
"""

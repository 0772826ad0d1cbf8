"""Homes made by earlier versions of the project, brought up to date by this one."""

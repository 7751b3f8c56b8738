"""Findings and tables as text. A format is a module of `padlint.report.formats` with a function `render`."""

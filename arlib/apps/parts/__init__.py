"""Widgets that any page may use: charts, tables, files in and out, the line to the browser, messages."""

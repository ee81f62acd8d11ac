"""How newspapers write an address, a date, a byline, a dateline, a picture and a text.

Pure functions of plain values: nothing here knows a paper, a page or a parser.
"""

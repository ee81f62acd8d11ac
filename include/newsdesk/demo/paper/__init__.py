"""The Bosphorus Ledger: a small newspaper that does not exist, for demo and tests.

Any day it is asked for has stories, and always the same ones; a clock of its own decides which of
them are published, edited, moved to another date or withdrawn. From the inside out::

    dice, words/, prose    choices and sentences that are always the same
    site                   sections, addresses, time
    plan                   what a day has
    stories                how a story reads at a moment: the truth that tests compare with
    pages/, listings, pdf  what is printed from it
    answers                what a request gets, a pure function of the paper's clock
    server                 the same on HTTP: ``python -m newsdesk.demo.paper``

All text is made up; names of persons are drawn from lists and mean nobody.
"""

"""The accounting of a school cooperative, as pure values and functions.

Nothing here reads a clock, a file or a database: dates, charts and rules are arguments. Amounts are integer cents.
"""

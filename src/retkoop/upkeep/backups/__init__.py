"""Backups: one file that holds the database, every document and the secret key, and makes an installation again anywhere.

`tape` is the file's format, `cipher` its encryption, `databases` what SQLite and PostgreSQL need, `making` and `restoring` the two
ways, `places` where backups are kept and for how long (`names`).
"""

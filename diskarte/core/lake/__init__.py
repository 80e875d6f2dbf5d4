"""Heavy tables: columns in Parquet files below the data folder, asked by DuckDB.

No database file of DuckDB's own is kept: it would lock out every other process. A brand has one shelf: a row that
names the files each table is made of. Files never change; a change writes new files and moves the shelf from one
version to the next in the same transaction as everything else, so a reader sees the old state or the new one, and a
crash leaves only files that nobody names, which are swept.
"""

"""What goes out as a file: reference pages, and later reports."""

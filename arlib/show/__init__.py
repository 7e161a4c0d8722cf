"""What people look at: charts and tables, in French and English, with nothing fetched from outside."""

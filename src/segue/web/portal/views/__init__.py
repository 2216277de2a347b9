"""The candidates' pages: each calls a verb or a query and shows what comes back."""

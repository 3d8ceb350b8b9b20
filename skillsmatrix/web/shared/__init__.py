"""What every area of the site uses: guards, transactions, forms, the kit, wording of errors."""

"""Programs: health for the machine's keeper, public facts for partners."""

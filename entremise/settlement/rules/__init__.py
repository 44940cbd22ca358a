"""Settlement's arithmetic: pay and the parts of a price. Pure functions of their arguments."""

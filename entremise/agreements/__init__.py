"""Who promised what to whom, who signed, what was done and who confirmed it."""

"""Funds that help people pay: what comes in, the rules a committee votes, aids under lock, the year's statement."""

"""A made-up business with two years of data, written through the services that real data goes through.

Everything follows from the day it is made on: the same day gives the same posts, to the letter.
"""

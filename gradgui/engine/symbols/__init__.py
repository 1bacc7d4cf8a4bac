"""Formulas as sympy expressions and back. Importing this room's modules loads sympy, which takes half a second."""

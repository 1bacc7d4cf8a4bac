"""The course: lessons as text files, what they ask for, and whether it was done."""

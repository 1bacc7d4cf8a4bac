<<<<<<< HEAD
"""The points that the model is fitted to: edited in a table, imported, generated."""
=======
"""Where data comes from: files of other programs."""
>>>>>>> ae69ad7 (Import data from a file in a dialog that shows what was understood)

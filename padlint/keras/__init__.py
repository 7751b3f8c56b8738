"""Keras models as references: finding them, their tables, and their steps beside those of a port."""

"""Sizes with symbols, how windows slide, and the paddings that give a wanted size."""

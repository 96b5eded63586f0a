"""Charts as SVG, drawn by the server.

Presentation attributes carry the colours of print, classes let a page's style sheet override
them. No script, no style attribute, so a strict content security policy holds.
"""

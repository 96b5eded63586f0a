"""The report as PDF: the body by WeasyPrint, the per-frame appendix drawn line by line, joined by pypdf."""

"""From bytes to documents: read, clean, classify, divide, understand, tag."""

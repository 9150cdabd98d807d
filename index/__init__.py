"""From text to vectors to hits: the encoder, FAISS, words, their fusion, clusters, measures."""

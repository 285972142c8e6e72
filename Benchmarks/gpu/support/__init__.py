"""What several parts of the GPU benchmark need: kernel files, sessions, workers, tensors, tables."""

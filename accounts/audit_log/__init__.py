"""The audit log as people read it: chosen, searched, said in sentences, taken away as a file."""

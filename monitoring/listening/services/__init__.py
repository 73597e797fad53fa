"""What people do on the listening side: one module per journey."""

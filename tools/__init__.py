"""What sets the project up and tests it. Nothing here is imported by the portal itself."""

"""Self-help: guided conversations that explain what they suggest. Never called an assessment."""

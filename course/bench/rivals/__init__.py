"""The ways to test a chat that the course is measured against, each with the same two behaviours."""

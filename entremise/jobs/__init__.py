"""Small jobs: the request desk, who can go, and the missions that follow."""

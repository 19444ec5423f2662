"""`make demo`: five sample dreamers hold a real session over HTTP and sockets, and check what came of it."""

"""Live sessions: lounges, formats, stages, lent dreams, presence, and the socket that carries them."""

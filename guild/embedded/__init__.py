"""The local house: an embedded Postgres and Valkey, and the supervisor that `make up` runs."""

//! SQLite and PostgreSQL adapters for the ports of the services and the run engine.

//! Use cases and their ports, authorisation, audit.

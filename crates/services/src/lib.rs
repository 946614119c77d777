//! Use cases and their ports, authorisation, audit.

pub mod audit;
pub mod error;
pub mod ports;

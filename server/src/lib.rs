#![recursion_limit = "512"]
//! The composition root: configuration, wiring, HTTP and the command line.

pub mod cli;
pub mod config;
pub mod http;
pub mod liveness;
pub mod names;
mod signals;
mod site;
mod telemetry;
pub mod wiring;
pub mod worker;

//! The log.

use std::io::{IsTerminal as _, stderr};

use tracing_subscriber::{EnvFilter, fmt};

/// What is logged unless `TIDEMARK_LOG` or `RUST_LOG` says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verbosity {
    /// A server tells what it does.
    Server,
    /// A command tells what went wrong.
    Command,
}

/// Starts logging to standard error: lines for a person, JSON when `TIDEMARK_LOG_FORMAT` is `json`.
pub(crate) fn start(verbosity: Verbosity) {
    let default = match verbosity {
        // Whoever sends a cookie of no session would write a warning with each request.
        Verbosity::Server => "warn,tidemark=info,tower_sessions_core=error",
        Verbosity::Command => "warn",
    };
    let filter = EnvFilter::try_from_env("TIDEMARK_LOG")
        .or_else(|_| EnvFilter::try_from_default_env())
        .unwrap_or_else(|_| EnvFilter::new(default));
    let log = fmt().with_env_filter(filter).with_writer(stderr);
    let wants_json = std::env::var("TIDEMARK_LOG_FORMAT").is_ok_and(|format| format == "json");
    // A second start, as in tests, changes nothing.
    let _ = if wants_json {
        log.json().try_init()
    } else {
        log.with_ansi(stderr().is_terminal()).try_init()
    };
}

//! The console over HTTP.
//!
//! From the outside in, a request passes: id and span, panic catcher, security headers,
//! compression, the peer's address, rate limits, the cross-site check, the body limit, the session,
//! the gate that refuses the anonymous, and then a page, a server function, the API or a stream.

pub mod api;
mod assets;
mod client_address;
mod csp;
mod csrf;
mod doors;
pub mod endpoints;
mod events;
mod extract;
mod gate;
mod gauges;
mod headers;
mod health;
mod limits;
mod metrics;
mod pages;
mod panics;
mod problem;
mod rate_limit;
mod records;
mod request_id;
mod router;
mod serve;
pub mod sessions;
mod settings;
mod timeline;
mod web;

pub use client_address::ClientAddress;
pub use doors::DoorLimits;
pub(crate) use doors::serve as serve_router;
pub(crate) use health::worker_doors;
pub use health::{Probe, Readiness};
pub use metrics::collect as collect_metrics;
pub use problem::Problem;
pub(crate) use problem::chain;
pub use request_id::{RequestId, current as current_request_id};
pub use router::{page_routes, router};
pub use serve::serve;
pub use settings::Settings;
pub use web::Web;

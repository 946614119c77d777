use std::time::Duration;

use jiff::SignedDuration;

use super::doors::DoorLimits;
use crate::config::{Config, ConfigError};

/// What the HTTP side needs of the configuration, worked out once.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `scheme://host[:port]` that pages are served under.
    pub origin: String,
    /// The origin is https: cookies are Secure and HSTS is sent.
    pub secure: bool,
    /// A session ends after so long without a request.
    pub idle: SignedDuration,
    /// A session ends after so long whatever happens.
    pub absolute: SignedDuration,
    /// Largest body in bytes.
    pub body_bytes: usize,
    /// Longest time for a request.
    pub request_timeout: Duration,
    /// Open event streams per user.
    pub streams_per_user: usize,
    /// Take the peer's address from the proxy's header.
    pub behind_proxy: bool,
    /// How many connections, and how long each may take its time.
    pub doors: DoorLimits,
    /// Who may read `/metrics` from elsewhere.
    pub metrics_token: Option<String>,
}

impl Settings {
    /// From the configuration.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        let url = config.public_url()?;
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            secure: url.scheme() == "https",
            idle: SignedDuration::from_mins(i64::from(config.session.idle_minutes)),
            absolute: SignedDuration::from_hours(i64::from(config.session.absolute_hours)),
            body_bytes: config.limits.body_bytes,
            request_timeout: Duration::from_secs(config.request_timeout_seconds),
            streams_per_user: config.limits.streams_per_user,
            behind_proxy: config.behind_proxy,
            doors: DoorLimits::new(&config.limits, config.behind_proxy),
            metrics_token: config.metrics_token.reveal().map(ToOwned::to_owned),
        })
    }
}

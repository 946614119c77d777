use std::time::Duration;

use crate::config::Limits;

/// Files that are kept free for everything else: the database, AWS, the site's files.
const OTHER_FILES: usize = 64;
/// So many connections there may be at least.
const LEAST: usize = 16;
/// How long a connection may rest between two requests: longer than proxies keep theirs.
const REST: Duration = Duration::from_secs(75);

/// What connections may cost.
#[derive(Clone, Copy, Debug)]
pub struct DoorLimits {
    /// Open connections.
    pub most: usize,
    /// Open connections of one peer address.
    pub per_address: usize,
    /// How long a request's head may take, the first one from the connection's beginning.
    pub head: Duration,
    /// How long a connection may rest between two requests.
    pub rest: Duration,
}

impl DoorLimits {
    /// From the settings, and from how many files this process may open.
    pub(crate) fn new(limits: &Limits, behind_proxy: bool) -> Self {
        let files = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
        let files = files.and_then(|files| usize::try_from(files).ok());
        let room = files.map_or(usize::MAX, |files| {
            files
                .saturating_sub((files / 4).max(OTHER_FILES))
                .max(LEAST)
        });
        let most = limits.connections.clamp(LEAST, room.max(LEAST));
        Self {
            most,
            // A proxy's connections are everybody's.
            per_address: if behind_proxy {
                most
            } else {
                limits.connections_per_address.clamp(1, most)
            },
            head: Duration::from_secs(limits.header_timeout_seconds),
            rest: REST,
        }
    }
}

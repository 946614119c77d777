use jiff::Timestamp;
use tidemark_domain::{Arn, Invalid};

use crate::{Services, ports::TimelineQuery};

/// The time that a timeline shows, and how finely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First moment.
    pub from: Timestamp,
    /// Last moment.
    pub until: Timestamp,
    /// Columns on the screen, from 2 to 4,000.
    pub columns: u16,
}

impl Window {
    pub(super) fn check(&self) -> Result<(), Invalid> {
        if self.from >= self.until {
            return Err(Invalid::new("time range", "must begin before it ends"));
        }
        if !(2..=4000).contains(&self.columns) {
            return Err(Invalid::new("columns", "must lie between 2 and 4000"));
        }
        Ok(())
    }

    pub(super) fn query(&self, services: &Services, resources: Vec<Arn>) -> TimelineQuery {
        TimelineQuery {
            resources,
            from: self.from,
            until: self.until,
            columns: self.columns,
            now: services.clock.now(),
        }
    }
}

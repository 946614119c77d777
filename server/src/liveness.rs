//! Whether what should go round and round in a process does.

use std::{sync::Arc, time::Duration};

use tidemark_services::Pulse;

/// The loops of a worker, and how long one may take for a turn.
#[derive(Clone, Debug)]
pub struct Liveness {
    loops: Arc<[(&'static str, Pulse)]>,
    limit: Duration,
}

impl Liveness {
    /// Of these loops.
    pub fn new(loops: impl IntoIterator<Item = (&'static str, Pulse)>, limit: Duration) -> Self {
        Self {
            loops: loops.into_iter().collect(),
            limit,
        }
    }

    /// Which loop stands still, and since when.
    pub fn check(&self) -> Result<(), String> {
        let still = self
            .loops
            .iter()
            .find(|(_, pulse)| pulse.silent_for() > self.limit);
        match still {
            None => Ok(()),
            Some((name, pulse)) => Err(format!(
                "What {name} has not gone on for {} s",
                pulse.silent_for().as_secs()
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_loop_that_stands_still_is_named() {
        let (turns, stands) = (Pulse::default(), Pulse::default());
        let limit = Duration::from_millis(100);
        let both = [("turns", turns.clone()), ("stands", stands)];
        let liveness = Liveness::new(both, limit);
        liveness.check().unwrap();
        std::thread::sleep(limit * 2);
        turns.beat();
        assert!(liveness.check().unwrap_err().contains("stands"));
    }
}

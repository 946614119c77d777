use jiff::SignedDuration;

/// How a simulated AWS starts.
#[derive(Clone, Debug)]
pub struct SandboxConfig {
    /// TCP port on the loopback interface; 0 picks a free one.
    pub port: u16,
    /// What the simulated AWS holds at the start.
    pub estate: Estate,
    /// How far the latest restorable time of a table lags behind now. AWS says about five minutes;
    /// one second by default here, so that nobody waits to try a restore.
    pub restorable_lag: SignedDuration,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            port: 0,
            estate: Estate::Empty,
            restorable_lag: SignedDuration::from_secs(1),
        }
    }
}

/// What a simulated AWS holds at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Estate {
    /// Nothing: no roles, tables or vaults in any account.
    Empty,
    /// The demo accounts with 400 days of history, the same for the same seed.
    Demo {
        /// Seed of every generated name, size and value.
        seed: u64,
    },
}

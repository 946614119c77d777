use std::time::Duration;

/// Deadlines, retries and caps of every call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Until a connection stands.
    pub connect_timeout: Duration,
    /// Until the first byte of an answer.
    pub read_timeout: Duration,
    /// One attempt as a whole.
    pub attempt_timeout: Duration,
    /// A call with all its attempts.
    pub operation_timeout: Duration,
    /// Attempts of a call, the first one included.
    pub max_attempts: u32,
    /// Whether a call that was throttled slows down those that follow it, before they are throttled too.
    pub slow_down: bool,
    /// Reads that run at once in one account.
    pub reads_per_account: usize,
    /// Reads that run at once in all accounts.
    pub reads_overall: usize,
    /// How long assumed-role credentials last; AWS allows at most one hour where roles are chained.
    pub session: Duration,
    /// How long before their expiry credentials are refreshed.
    pub refresh_before: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(3),
            read_timeout: Duration::from_secs(15),
            attempt_timeout: Duration::from_secs(20),
            operation_timeout: Duration::from_secs(45),
            max_attempts: 4,
            slow_down: true,
            reads_per_account: 5,
            // Accounts that hang keep all their places until they are given up. There must be places for as many accounts
            // as are worked on at once, of readings and reports together, or a few of them hold everybody up.
            reads_overall: 160,
            session: Duration::from_hours(1),
            refresh_before: Duration::from_mins(5),
        }
    }
}

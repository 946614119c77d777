use async_trait::async_trait;
use tidemark_services::ports::{CloudError, Target};

/// A call on its way to AWS.
#[derive(Clone, Copy, Debug)]
pub struct Passing<'a> {
    /// Name of the port's method, for example `restore_table`.
    pub operation: &'static str,
    /// Where it goes and as whom.
    pub target: &'a Target,
    /// What it is about: the table, job, vault or point.
    pub subject: &'a str,
}

/// Stands between the console and AWS and sees each call twice: where its faults come from no
/// script, as in a simulation.
#[async_trait]
pub trait Between: Send + Sync {
    /// Before AWS sees the call. An error is its answer: AWS never sees it.
    async fn before(&self, call: Passing<'_>) -> Result<(), CloudError>;

    /// After AWS has dealt with the call, in the same moment. An error replaces the answer.
    async fn after(&self, call: Passing<'_>, error: Option<&CloudError>) -> Result<(), CloudError>;
}

use async_trait::async_trait;
use jiff::{Timestamp, civil::Date};
use tidemark_domain::{
    AccountId, Arn,
    cost::StoredBytes,
    coverage::{Control, ControlChange, CoverageFacts, DayCount},
};

use crate::error::StoreError;

/// What is stored for an account and a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPart {
    /// Account that holds the points.
    pub account: AccountId,
    /// Plan that made them, where one did.
    pub plan_id: Option<String>,
    /// Type, Region, tier and bytes.
    pub stored: StoredBytes,
}

/// Sums over the catalogue, and the controls of the house with their history.
#[async_trait]
pub trait Insight: Send + Sync {
    /// How every resource that exists is protected, by ARN; of one owner when given. `plans` and
    /// `encrypted` are left open.
    async fn coverage_facts(&self, owner: Option<&str>) -> Result<Vec<CoverageFacts>, StoreError>;

    /// What is stored, by account, Region, type, tier and plan; of one owner's resources when given.
    async fn stored(&self, owner: Option<&str>) -> Result<Vec<StoredPart>, StoreError>;

    /// What is stored of a resource.
    async fn stored_of(&self, resource: &Arn) -> Result<Vec<StoredPart>, StoreError>;

    /// The controls, by id.
    async fn controls(&self) -> Result<Vec<Control>, StoreError>;

    /// Adds or changes a control and keeps the change.
    async fn put_control(
        &self,
        control: &Control,
        by: &str,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Removes a control and keeps the change; whether there was one.
    async fn remove_control(&self, id: &str, by: &str, at: Timestamp) -> Result<bool, StoreError>;

    /// The newest changes of controls.
    async fn control_changes(&self, limit: u16) -> Result<Vec<ControlChange>, StoreError>;

    /// Keeps what the controls say on a day, in place of what was kept for it.
    async fn keep_day(&self, day: Date, counts: &[DayCount]) -> Result<(), StoreError>;

    /// What the controls said from a day on, oldest first.
    async fn days(&self, from: Date) -> Result<Vec<DayCount>, StoreError>;
}

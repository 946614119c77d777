//! Sums over the catalogue, and the controls.

mod controls;
mod days;
mod facts;
mod stored;

use async_trait::async_trait;
use jiff::{Timestamp, civil::Date};
use tidemark_domain::{
    Arn,
    coverage::{Control, ControlChange, CoverageFacts, DayCount},
};
use tidemark_services::{
    error::StoreError,
    ports::{Insight, StoredPart},
};

use crate::db::Db;

/// [`Insight`] in SQL.
pub(crate) struct SqlInsight(pub(crate) Db);

#[async_trait]
impl Insight for SqlInsight {
    async fn coverage_facts(&self, owner: Option<&str>) -> Result<Vec<CoverageFacts>, StoreError> {
        facts::facts(&self.0, owner).await
    }

    async fn stored(&self, owner: Option<&str>) -> Result<Vec<StoredPart>, StoreError> {
        stored::stored(&self.0, owner).await
    }

    async fn stored_of(&self, resource: &Arn) -> Result<Vec<StoredPart>, StoreError> {
        stored::stored_of(&self.0, resource).await
    }

    async fn controls(&self) -> Result<Vec<Control>, StoreError> {
        controls::controls(&self.0).await
    }

    async fn put_control(
        &self,
        control: &Control,
        by: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        controls::put_control(&self.0, control, by, at).await
    }

    async fn remove_control(&self, id: &str, by: &str, at: Timestamp) -> Result<bool, StoreError> {
        controls::remove_control(&self.0, id, by, at).await
    }

    async fn control_changes(&self, limit: u16) -> Result<Vec<ControlChange>, StoreError> {
        controls::control_changes(&self.0, limit).await
    }

    async fn keep_day(&self, day: Date, counts: &[DayCount]) -> Result<(), StoreError> {
        days::keep_day(&self.0, day, counts).await
    }

    async fn days(&self, from: Date) -> Result<Vec<DayCount>, StoreError> {
        days::days(&self.0, from).await
    }
}

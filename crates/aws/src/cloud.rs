use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use tidemark_domain::{
    Arn, ScalingTarget, TableSettings,
    change::NewLifecycle,
    plan::{BackupPlan, PlanRecord},
    selection::BackupSelection,
};
use tidemark_services::ports::{
    AccessProbe, BackupJobState, BackupStart, Cloud, CloudError, Evaluated, PlanMade,
    RestoreJobState, RestoreStart, RuleBackupStart, ScopeSnapshot, Simulation, TableDescription,
    TableMade, TableRestore, Target,
};

use crate::{ClientFactory, access::Access, backup, dynamodb, iam, probe, read_scope, s3, scaling};

/// AWS by its SDKs. Clones share credentials, clients and caps.
#[derive(Clone, Debug)]
pub struct AwsCloud {
    factory: Arc<ClientFactory>,
}

impl AwsCloud {
    /// AWS by the clients of this factory.
    pub fn new(factory: ClientFactory) -> Self {
        Self {
            factory: Arc::new(factory),
        }
    }

    pub(crate) fn factory(&self) -> &ClientFactory {
        &self.factory
    }

    pub(crate) async fn open(&self, target: &Target) -> Result<Access, CloudError> {
        self.factory.open(target).await
    }
}

#[async_trait]
impl Cloud for AwsCloud {
    async fn probe(&self, target: &Target) -> AccessProbe {
        probe::probe(&self.factory, target).await
    }

    async fn read_scope(&self, target: &Target) -> Result<ScopeSnapshot, CloudError> {
        let access = self.open(target).await?;
        Box::pin(read_scope::read_scope(&access)).await
    }

    async fn start_backup(
        &self,
        target: &Target,
        start: &BackupStart,
    ) -> Result<String, CloudError> {
        backup::start_backup(&self.open(target).await?, start).await
    }

    async fn start_rule_backup(
        &self,
        target: &Target,
        start: &RuleBackupStart,
    ) -> Result<String, CloudError> {
        backup::start_rule_backup(&self.open(target).await?, start).await
    }

    async fn plan(&self, target: &Target, id: &str) -> Result<Option<PlanRecord>, CloudError> {
        let access = self.open(target).await?;
        Box::pin(backup::plan(&access, id)).await
    }

    async fn create_plan(
        &self,
        target: &Target,
        plan: &BackupPlan,
        token: &str,
    ) -> Result<PlanMade, CloudError> {
        backup::create_plan(&self.open(target).await?, plan, token).await
    }

    async fn update_plan(
        &self,
        target: &Target,
        id: &str,
        plan: &BackupPlan,
    ) -> Result<PlanMade, CloudError> {
        backup::update_plan(&self.open(target).await?, id, plan).await
    }

    async fn delete_plan(&self, target: &Target, id: &str) -> Result<(), CloudError> {
        backup::delete_plan(&self.open(target).await?, id).await
    }

    async fn create_selection(
        &self,
        target: &Target,
        plan_id: &str,
        selection: &BackupSelection,
        token: &str,
    ) -> Result<String, CloudError> {
        backup::create_selection(&self.open(target).await?, plan_id, selection, token).await
    }

    async fn delete_selection(
        &self,
        target: &Target,
        plan_id: &str,
        id: &str,
    ) -> Result<(), CloudError> {
        backup::delete_selection(&self.open(target).await?, plan_id, id).await
    }

    async fn backup_job(
        &self,
        target: &Target,
        job_id: &str,
    ) -> Result<BackupJobState, CloudError> {
        backup::backup_job(&self.open(target).await?, job_id).await
    }

    async fn stop_backup(&self, target: &Target, job_id: &str) -> Result<(), CloudError> {
        backup::stop_backup(&self.open(target).await?, job_id).await
    }

    async fn restore_metadata(
        &self,
        target: &Target,
        vault: &str,
        point: &Arn,
    ) -> Result<BTreeMap<String, String>, CloudError> {
        backup::restore_metadata(&self.open(target).await?, vault, point).await
    }

    async fn bucket_exists(&self, target: &Target, name: &str) -> Result<bool, CloudError> {
        s3::bucket_exists(&self.open(target).await?, name).await
    }

    async fn start_restore(
        &self,
        target: &Target,
        start: &RestoreStart,
    ) -> Result<String, CloudError> {
        backup::start_restore(&self.open(target).await?, start).await
    }

    async fn restore_job(
        &self,
        target: &Target,
        job_id: &str,
    ) -> Result<RestoreJobState, CloudError> {
        backup::restore_job(&self.open(target).await?, job_id).await
    }

    async fn delete_point(
        &self,
        target: &Target,
        vault: &str,
        point: &Arn,
    ) -> Result<(), CloudError> {
        backup::delete_point(&self.open(target).await?, vault, point).await
    }

    async fn update_lifecycle(
        &self,
        target: &Target,
        vault: &str,
        point: &Arn,
        lifecycle: NewLifecycle,
    ) -> Result<(), CloudError> {
        backup::update_lifecycle(&self.open(target).await?, vault, point, lifecycle).await
    }

    async fn table(
        &self,
        target: &Target,
        name: &str,
    ) -> Result<Option<TableDescription>, CloudError> {
        dynamodb::table(&self.open(target).await?, name).await
    }

    async fn table_settings(
        &self,
        target: &Target,
        name: &str,
    ) -> Result<TableSettings, CloudError> {
        let access = self.open(target).await?;
        Box::pin(dynamodb::table_settings(&access, name)).await
    }

    async fn tag_table(
        &self,
        target: &Target,
        table: &Arn,
        tags: &BTreeMap<String, String>,
    ) -> Result<(), CloudError> {
        dynamodb::tag_table(&self.open(target).await?, table, tags).await
    }

    async fn table_tags(
        &self,
        target: &Target,
        table: &Arn,
    ) -> Result<BTreeMap<String, String>, CloudError> {
        dynamodb::table_tags(&self.open(target).await?, table).await
    }

    async fn restore_table(
        &self,
        target: &Target,
        restore: &TableRestore,
    ) -> Result<TableMade, CloudError> {
        dynamodb::restore_table(&self.open(target).await?, restore).await
    }

    async fn put_stream(&self, target: &Target, table: &str, view: &str) -> Result<(), CloudError> {
        dynamodb::put_stream(&self.open(target).await?, table, view).await
    }

    async fn put_time_to_live(
        &self,
        target: &Target,
        table: &str,
        attribute: &str,
    ) -> Result<(), CloudError> {
        dynamodb::put_time_to_live(&self.open(target).await?, table, attribute).await
    }

    async fn put_point_in_time_recovery(
        &self,
        target: &Target,
        table: &str,
        days: i32,
    ) -> Result<(), CloudError> {
        dynamodb::put_point_in_time_recovery(&self.open(target).await?, table, days).await
    }

    async fn put_scaling(
        &self,
        target: &Target,
        scaling: &ScalingTarget,
    ) -> Result<(), CloudError> {
        scaling::put_scaling(&self.open(target).await?, scaling).await
    }

    async fn put_deletion_protection(
        &self,
        target: &Target,
        table: &str,
        on: bool,
    ) -> Result<(), CloudError> {
        dynamodb::put_deletion_protection(&self.open(target).await?, table, on).await
    }

    async fn delete_table(&self, target: &Target, table: &str) -> Result<(), CloudError> {
        dynamodb::delete_table(&self.open(target).await?, table).await
    }

    async fn simulate(
        &self,
        target: &Target,
        simulation: &Simulation,
    ) -> Result<BTreeMap<String, Evaluated>, CloudError> {
        iam::simulate(&self.open(target).await?, simulation).await
    }

    async fn assume(&self, target: &Target) -> Result<(), CloudError> {
        self.factory.assume(target).await
    }
}

use std::collections::BTreeMap;

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

use super::{FakeCloud, backup, plans, points, probe, restore, scope, settings, tables};

#[async_trait]
impl Cloud for FakeCloud {
    async fn probe(&self, target: &Target) -> AccessProbe {
        probe::probe(self, target)
    }

    async fn read_scope(&self, target: &Target) -> Result<ScopeSnapshot, CloudError> {
        scope::read(self, target)
    }

    async fn start_backup(
        &self,
        target: &Target,
        start: &BackupStart,
    ) -> Result<String, CloudError> {
        backup::start(self, target, start)
    }

    async fn start_rule_backup(
        &self,
        target: &Target,
        start: &RuleBackupStart,
    ) -> Result<String, CloudError> {
        backup::start_rule(self, target, start)
    }

    async fn plan(&self, target: &Target, id: &str) -> Result<Option<PlanRecord>, CloudError> {
        plans::get(self, target, id)
    }

    async fn create_plan(
        &self,
        target: &Target,
        plan: &BackupPlan,
        token: &str,
    ) -> Result<PlanMade, CloudError> {
        plans::create(self, target, plan, token)
    }

    async fn update_plan(
        &self,
        target: &Target,
        id: &str,
        plan: &BackupPlan,
    ) -> Result<PlanMade, CloudError> {
        plans::update(self, target, id, plan)
    }

    async fn delete_plan(&self, target: &Target, id: &str) -> Result<(), CloudError> {
        plans::delete(self, target, id)
    }

    async fn create_selection(
        &self,
        target: &Target,
        plan_id: &str,
        selection: &BackupSelection,
        token: &str,
    ) -> Result<String, CloudError> {
        plans::create_selection(self, target, plan_id, selection, token)
    }

    async fn delete_selection(
        &self,
        target: &Target,
        plan_id: &str,
        id: &str,
    ) -> Result<(), CloudError> {
        plans::delete_selection(self, target, plan_id, id)
    }

    async fn backup_job(
        &self,
        target: &Target,
        job_id: &str,
    ) -> Result<BackupJobState, CloudError> {
        backup::job(self, target, job_id)
    }

    async fn stop_backup(&self, target: &Target, job_id: &str) -> Result<(), CloudError> {
        backup::stop(self, target, job_id)
    }

    async fn restore_metadata(
        &self,
        target: &Target,
        vault: &str,
        point: &Arn,
    ) -> Result<BTreeMap<String, String>, CloudError> {
        restore::metadata(self, target, vault, point)
    }

    async fn bucket_exists(&self, target: &Target, name: &str) -> Result<bool, CloudError> {
        restore::bucket_exists(self, target, name)
    }

    async fn start_restore(
        &self,
        target: &Target,
        start: &RestoreStart,
    ) -> Result<String, CloudError> {
        restore::start(self, target, start)
    }

    async fn restore_job(
        &self,
        target: &Target,
        job_id: &str,
    ) -> Result<RestoreJobState, CloudError> {
        restore::job(self, target, job_id)
    }

    async fn delete_point(
        &self,
        target: &Target,
        vault: &str,
        point: &Arn,
    ) -> Result<(), CloudError> {
        points::delete(self, target, vault, point)
    }

    async fn update_lifecycle(
        &self,
        target: &Target,
        vault: &str,
        point: &Arn,
        lifecycle: NewLifecycle,
    ) -> Result<(), CloudError> {
        points::update_lifecycle(self, target, vault, point, lifecycle)
    }

    async fn table(
        &self,
        target: &Target,
        name: &str,
    ) -> Result<Option<TableDescription>, CloudError> {
        tables::table(self, target, name)
    }

    async fn table_settings(
        &self,
        target: &Target,
        name: &str,
    ) -> Result<TableSettings, CloudError> {
        settings::settings(self, target, name)
    }

    async fn tag_table(
        &self,
        target: &Target,
        table: &Arn,
        tags: &BTreeMap<String, String>,
    ) -> Result<(), CloudError> {
        settings::tag(self, target, table, tags)
    }

    async fn table_tags(
        &self,
        target: &Target,
        table: &Arn,
    ) -> Result<BTreeMap<String, String>, CloudError> {
        settings::tags(self, target, table)
    }

    async fn restore_table(
        &self,
        target: &Target,
        restore: &TableRestore,
    ) -> Result<TableMade, CloudError> {
        tables::restore(self, target, restore)
    }

    async fn put_stream(&self, target: &Target, table: &str, view: &str) -> Result<(), CloudError> {
        settings::put_stream(self, target, table, view)
    }

    async fn put_time_to_live(
        &self,
        target: &Target,
        table: &str,
        attribute: &str,
    ) -> Result<(), CloudError> {
        settings::put_ttl(self, target, table, attribute)
    }

    async fn put_point_in_time_recovery(
        &self,
        target: &Target,
        table: &str,
        days: i32,
    ) -> Result<(), CloudError> {
        settings::put_pitr(self, target, table, days)
    }

    async fn put_scaling(
        &self,
        target: &Target,
        scaling: &ScalingTarget,
    ) -> Result<(), CloudError> {
        settings::put_scaling(self, target, scaling)
    }

    async fn put_deletion_protection(
        &self,
        target: &Target,
        table: &str,
        on: bool,
    ) -> Result<(), CloudError> {
        settings::put_deletion_protection(self, target, table, on)
    }

    async fn delete_table(&self, target: &Target, table: &str) -> Result<(), CloudError> {
        tables::delete(self, target, table)
    }

    async fn simulate(
        &self,
        target: &Target,
        simulation: &Simulation,
    ) -> Result<BTreeMap<String, Evaluated>, CloudError> {
        probe::simulate(self, target, &simulation.actions)
    }

    async fn assume(&self, target: &Target) -> Result<(), CloudError> {
        probe::assume(self, target)
    }
}

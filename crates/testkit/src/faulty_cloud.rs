//! A failure wrapper around any [`Cloud`].

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tidemark_domain::{
    Arn, ScalingTarget, ScopeCause, ScopeError, TableSettings,
    change::NewLifecycle,
    plan::{BackupPlan, PlanRecord},
    selection::BackupSelection,
};
use tidemark_services::ports::{
    AccessProbe, BackupJobState, BackupStart, Cloud, CloudError, CloudErrorKind, Evaluated,
    PlanMade, ProbeLink, RestoreJobState, RestoreStart, RuleBackupStart, ScopeSnapshot, Simulation,
    TableDescription, TableMade, TableRestore, Target,
};

use crate::{Between, Passing};

/// When a scripted failure strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Before the call reaches AWS: without effect.
    Before,
    /// After its effect: the answer is lost.
    After,
}

/// A call that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Name of the port's method, for example `restore_table`.
    pub operation: &'static str,
    /// Where it went and as whom.
    pub target: Target,
    /// What it was about: the table, job, vault or point.
    pub subject: String,
    /// How it failed; none when it succeeded.
    pub error: Option<CloudErrorKind>,
}

#[derive(Debug)]
struct Fault {
    operation: &'static str,
    /// Which call of that operation, counted from 1 when the fault was set; none strikes every one.
    nth: Option<u64>,
    seen: u64,
    kind: CloudErrorKind,
    when: When,
}

#[derive(Debug, Default)]
struct Script {
    faults: Vec<Fault>,
    latency: BTreeMap<&'static str, Duration>,
    calls: Vec<Call>,
}

/// Wraps a [`Cloud`]: fails chosen calls, slows them down, and records them all.
///
/// ```
/// # use tidemark_testkit::{FakeCloud, FaultyCloud, TestClock, When};
/// # use tidemark_services::ports::CloudErrorKind;
/// let cloud = FaultyCloud::new(FakeCloud::new(TestClock::default()));
/// cloud.fail_nth("restore_table", 1, CloudErrorKind::Timeout, When::After);
/// ```
#[derive(Clone)]
pub struct FaultyCloud {
    pub(crate) inner: Arc<dyn Cloud>,
    script: Arc<Mutex<Script>>,
    between: Option<Arc<dyn Between>>,
}

impl FaultyCloud {
    /// Wraps a cloud; nothing fails yet.
    pub fn new(inner: impl Cloud + 'static) -> Self {
        Self::over(Arc::new(inner))
    }

    /// Wraps a shared cloud; nothing fails yet.
    pub fn over(inner: Arc<dyn Cloud>) -> Self {
        Self {
            inner,
            script: Arc::default(),
            between: None,
        }
    }

    /// Puts somebody between the console and AWS, who decides instead of a script. Calls are not
    /// recorded any more.
    #[must_use]
    pub fn with_between(self, between: Arc<dyn Between>) -> Self {
        Self {
            between: Some(between),
            ..self
        }
    }

    /// Fails the nth call of an operation from now on, counted from 1.
    pub fn fail_nth(&self, operation: &'static str, nth: u64, kind: CloudErrorKind, when: When) {
        self.add(operation, Some(nth), kind, when);
    }

    /// Fails every call of an operation from now on.
    pub fn fail_always(&self, operation: &'static str, kind: CloudErrorKind, when: When) {
        self.add(operation, None, kind, when);
    }

    fn add(&self, operation: &'static str, nth: Option<u64>, kind: CloudErrorKind, when: When) {
        self.script().faults.push(Fault {
            operation,
            nth,
            seen: 0,
            kind,
            when,
        });
    }

    /// Makes every call of an operation wait first, on tokio's clock.
    pub fn delay(&self, operation: &'static str, latency: Duration) {
        self.script().latency.insert(operation, latency);
    }

    /// Takes all faults and delays back; the record of calls stays.
    pub fn heal(&self) {
        let mut script = self.script();
        script.faults.clear();
        script.latency.clear();
    }

    /// The calls so far, in order of their end.
    pub fn calls(&self) -> Vec<Call> {
        self.script().calls.clone()
    }

    /// How many calls of an operation were made.
    pub fn count(&self, operation: &str) -> usize {
        self.script()
            .calls
            .iter()
            .filter(|c| c.operation == operation)
            .count()
    }

    fn script(&self) -> std::sync::MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn strike(&self, operation: &'static str) -> Option<(CloudErrorKind, When)> {
        let mut hit = None;
        for fault in &mut self.script().faults {
            if fault.operation != operation {
                continue;
            }
            fault.seen += 1;
            if hit.is_none() && fault.nth.is_none_or(|nth| nth == fault.seen) {
                hit = Some((fault.kind, fault.when));
            }
        }
        hit
    }

    pub(crate) async fn pass<T>(
        &self,
        operation: &'static str,
        target: &Target,
        subject: &str,
        call: impl Future<Output = Result<T, CloudError>>,
    ) -> Result<T, CloudError> {
        if let Some(between) = &self.between {
            let passing = Passing {
                operation,
                target,
                subject,
            };
            between.before(passing).await?;
            let answer = call.await;
            between.after(passing, answer.as_ref().err()).await?;
            return answer;
        }
        let latency = self.script().latency.get(operation).copied();
        if let Some(latency) = latency {
            tokio::time::sleep(latency).await;
        }
        let fault = self.strike(operation);
        let answer = match fault {
            Some((kind, When::Before)) => Err(scripted(operation, kind)),
            Some((kind, When::After)) => call.await.and(Err(scripted(operation, kind))),
            None => call.await,
        };
        self.script().calls.push(Call {
            operation,
            target: target.clone(),
            subject: subject.to_owned(),
            error: answer.as_ref().err().map(|e| e.kind),
        });
        answer
    }
}

fn scripted(operation: &str, kind: CloudErrorKind) -> CloudError {
    CloudError::local(kind, operation, "a scripted failure")
}

#[async_trait]
impl Cloud for FaultyCloud {
    async fn probe(&self, target: &Target) -> AccessProbe {
        let probe = self
            .pass("probe", target, target.connection.account.as_str(), async {
                Ok(self.inner.probe(target).await)
            })
            .await;
        probe.unwrap_or_else(|error| AccessProbe {
            links: vec![ProbeLink {
                name: "Reach the endpoint".to_owned(),
                detail: String::new(),
                broken: Some(ScopeError {
                    cause: ScopeCause::Other,
                    message: error.message,
                    fix: "Take the scripted failure back.".to_owned(),
                    code: None,
                    request_id: None,
                }),
                warning: None,
            }],
            tried: BTreeMap::new(),
        })
    }

    async fn read_scope(&self, target: &Target) -> Result<ScopeSnapshot, CloudError> {
        let call = self.inner.read_scope(target);
        self.pass("read_scope", target, target.region.as_str(), call)
            .await
    }

    async fn start_backup(
        &self,
        target: &Target,
        start: &BackupStart,
    ) -> Result<String, CloudError> {
        let call = self.inner.start_backup(target, start);
        self.pass(
            "start_backup",
            target,
            start.request.resource.as_str(),
            call,
        )
        .await
    }

    async fn start_rule_backup(
        &self,
        target: &Target,
        start: &RuleBackupStart,
    ) -> Result<String, CloudError> {
        let call = self.inner.start_rule_backup(target, start);
        self.pass("start_rule_backup", target, start.resource.as_str(), call)
            .await
    }

    async fn plan(&self, target: &Target, id: &str) -> Result<Option<PlanRecord>, CloudError> {
        let call = self.inner.plan(target, id);
        self.pass("plan", target, id, call).await
    }

    async fn create_plan(
        &self,
        target: &Target,
        plan: &BackupPlan,
        token: &str,
    ) -> Result<PlanMade, CloudError> {
        let call = self.inner.create_plan(target, plan, token);
        self.pass("create_plan", target, &plan.backup_plan_name, call)
            .await
    }

    async fn update_plan(
        &self,
        target: &Target,
        id: &str,
        plan: &BackupPlan,
    ) -> Result<PlanMade, CloudError> {
        let call = self.inner.update_plan(target, id, plan);
        self.pass("update_plan", target, id, call).await
    }

    async fn delete_plan(&self, target: &Target, id: &str) -> Result<(), CloudError> {
        let call = self.inner.delete_plan(target, id);
        self.pass("delete_plan", target, id, call).await
    }

    async fn create_selection(
        &self,
        target: &Target,
        plan_id: &str,
        selection: &BackupSelection,
        token: &str,
    ) -> Result<String, CloudError> {
        let call = self
            .inner
            .create_selection(target, plan_id, selection, token);
        self.pass("create_selection", target, plan_id, call).await
    }

    async fn delete_selection(
        &self,
        target: &Target,
        plan_id: &str,
        id: &str,
    ) -> Result<(), CloudError> {
        let call = self.inner.delete_selection(target, plan_id, id);
        self.pass("delete_selection", target, id, call).await
    }

    async fn backup_job(
        &self,
        target: &Target,
        job_id: &str,
    ) -> Result<BackupJobState, CloudError> {
        let call = self.inner.backup_job(target, job_id);
        self.pass("backup_job", target, job_id, call).await
    }

    async fn stop_backup(&self, target: &Target, job_id: &str) -> Result<(), CloudError> {
        let call = self.inner.stop_backup(target, job_id);
        self.pass("stop_backup", target, job_id, call).await
    }

    async fn restore_metadata(
        &self,
        target: &Target,
        vault: &str,
        point: &Arn,
    ) -> Result<BTreeMap<String, String>, CloudError> {
        let call = self.inner.restore_metadata(target, vault, point);
        self.pass("restore_metadata", target, point.as_str(), call)
            .await
    }

    async fn bucket_exists(&self, target: &Target, name: &str) -> Result<bool, CloudError> {
        let call = self.inner.bucket_exists(target, name);
        self.pass("bucket_exists", target, name, call).await
    }

    async fn start_restore(
        &self,
        target: &Target,
        start: &RestoreStart,
    ) -> Result<String, CloudError> {
        let call = self.inner.start_restore(target, start);
        self.pass("start_restore", target, start.point.as_str(), call)
            .await
    }

    async fn restore_job(
        &self,
        target: &Target,
        job_id: &str,
    ) -> Result<RestoreJobState, CloudError> {
        let call = self.inner.restore_job(target, job_id);
        self.pass("restore_job", target, job_id, call).await
    }

    async fn delete_point(
        &self,
        target: &Target,
        vault: &str,
        point: &Arn,
    ) -> Result<(), CloudError> {
        let call = self.inner.delete_point(target, vault, point);
        self.pass("delete_point", target, point.as_str(), call)
            .await
    }

    async fn update_lifecycle(
        &self,
        target: &Target,
        vault: &str,
        point: &Arn,
        lifecycle: NewLifecycle,
    ) -> Result<(), CloudError> {
        let call = self.inner.update_lifecycle(target, vault, point, lifecycle);
        self.pass("update_lifecycle", target, point.as_str(), call)
            .await
    }

    async fn table(
        &self,
        target: &Target,
        name: &str,
    ) -> Result<Option<TableDescription>, CloudError> {
        let call = self.inner.table(target, name);
        self.pass("table", target, name, call).await
    }

    async fn table_settings(
        &self,
        target: &Target,
        name: &str,
    ) -> Result<TableSettings, CloudError> {
        let call = self.inner.table_settings(target, name);
        self.pass("table_settings", target, name, call).await
    }

    async fn tag_table(
        &self,
        target: &Target,
        table: &Arn,
        tags: &BTreeMap<String, String>,
    ) -> Result<(), CloudError> {
        let call = self.inner.tag_table(target, table, tags);
        self.pass("tag_table", target, table.as_str(), call).await
    }

    async fn table_tags(
        &self,
        target: &Target,
        table: &Arn,
    ) -> Result<BTreeMap<String, String>, CloudError> {
        let call = self.inner.table_tags(target, table);
        self.pass("table_tags", target, table.as_str(), call).await
    }

    async fn restore_table(
        &self,
        target: &Target,
        restore: &TableRestore,
    ) -> Result<TableMade, CloudError> {
        let (TableRestore::PointInTime { target: name, .. }
        | TableRestore::Backup { target: name, .. }) = restore;
        let call = self.inner.restore_table(target, restore);
        self.pass("restore_table", target, name, call).await
    }

    async fn put_stream(&self, target: &Target, table: &str, view: &str) -> Result<(), CloudError> {
        let call = self.inner.put_stream(target, table, view);
        self.pass("put_stream", target, table, call).await
    }

    async fn put_time_to_live(
        &self,
        target: &Target,
        table: &str,
        attribute: &str,
    ) -> Result<(), CloudError> {
        let call = self.inner.put_time_to_live(target, table, attribute);
        self.pass("put_time_to_live", target, table, call).await
    }

    async fn put_point_in_time_recovery(
        &self,
        target: &Target,
        table: &str,
        days: i32,
    ) -> Result<(), CloudError> {
        let call = self.inner.put_point_in_time_recovery(target, table, days);
        self.pass("put_point_in_time_recovery", target, table, call)
            .await
    }

    async fn put_scaling(
        &self,
        target: &Target,
        scaling: &ScalingTarget,
    ) -> Result<(), CloudError> {
        let call = self.inner.put_scaling(target, scaling);
        self.pass("put_scaling", target, &scaling.resource_id, call)
            .await
    }

    async fn put_deletion_protection(
        &self,
        target: &Target,
        table: &str,
        on: bool,
    ) -> Result<(), CloudError> {
        let call = self.inner.put_deletion_protection(target, table, on);
        self.pass("put_deletion_protection", target, table, call)
            .await
    }

    async fn delete_table(&self, target: &Target, table: &str) -> Result<(), CloudError> {
        let call = self.inner.delete_table(target, table);
        self.pass("delete_table", target, table, call).await
    }

    async fn simulate(
        &self,
        target: &Target,
        simulation: &Simulation,
    ) -> Result<BTreeMap<String, Evaluated>, CloudError> {
        let call = self.inner.simulate(target, simulation);
        self.pass("simulate", target, &simulation.resources.join(" "), call)
            .await
    }

    async fn assume(&self, target: &Target) -> Result<(), CloudError> {
        let call = self.inner.assume(target);
        self.pass("assume", target, target.connection.role.as_str(), call)
            .await
    }
}

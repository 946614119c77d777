//! Copies of recovery points, and what they depend on.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use jiff::SignedDuration;
use tidemark_domain::{
    AccountId, Arn, Job, JobKind, RecoveryPoint, Region, Scope, copies::PointKey,
};
use tidemark_services::ports::{
    CloudError, CloudErrorKind, CopyCloud, CopyJobState, CopyStart, KeysOf, Target,
};

use super::{
    FakeCloud,
    enter::{answer, scope_of},
    model::{Effect, FakeJob, JobEnd, JobScript, State},
    pace::Takes,
};

/// What copies depend on.
#[derive(Debug, Default)]
pub(crate) struct CopyWorld {
    /// Keys by ARN: the policy of a customer managed one, none for one of AWS.
    keys: BTreeMap<String, Option<String>>,
    /// The key of each point; points without one are not encrypted.
    of_points: BTreeMap<Arn, String>,
    /// Accounts outside the organization.
    strangers: BTreeSet<AccountId>,
    /// Backups may not cross accounts.
    kept_at_home: bool,
    /// Copy jobs that an account and Region runs at once.
    at_once: Option<usize>,
}

impl FakeCloud {
    /// Adds a key: the policy of a customer managed one, none for one of AWS.
    pub fn add_key(&self, arn: &str, policy: Option<&str>) {
        let policy = policy.map(str::to_owned);
        self.lock().copies.keys.insert(arn.to_owned(), policy);
    }

    /// Encrypts a point.
    pub fn encrypt_point(&self, point: &Arn, key: &str) {
        let mut state = self.lock();
        state.copies.of_points.insert(point.clone(), key.to_owned());
    }

    /// Takes an account out of the organization that all are in.
    pub fn leave_organization(&self, account: &AccountId) {
        self.lock().copies.strangers.insert(account.clone());
    }

    /// Lets backups cross accounts, or not.
    pub fn set_cross_account_backup(&self, on: bool) {
        self.lock().copies.kept_at_home = !on;
    }

    /// Sets how many copy jobs an account and Region runs at once.
    pub fn copy_at_once(&self, jobs: usize) {
        self.lock().copies.at_once = Some(jobs);
    }

    /// Sets how copy jobs that start from now on go on.
    pub fn script_copies(&self, script: JobScript) {
        self.lock().copy_script = script;
    }
}

#[async_trait]
impl CopyCloud for FakeCloud {
    async fn start_copy(&self, target: &Target, start: &CopyStart) -> Result<String, CloudError> {
        begin(self, target, start)
    }

    async fn copy_job(&self, target: &Target, job_id: &str) -> Result<CopyJobState, CloudError> {
        const OPERATION: &str = "backup:DescribeCopyJob";
        let mut state = self.enter(target, OPERATION, "*")?;
        let kind = JobKind::Copy;
        let job = super::restore::poll(self, &mut state, target, OPERATION, job_id, kind)?;
        Ok(CopyJobState {
            status: job.job.status,
            message: job.job.message,
            copy: job.created,
        })
    }

    async fn point_keys(
        &self,
        target: &Target,
        of: &KeysOf,
    ) -> Result<BTreeMap<Arn, PointKey>, CloudError> {
        let scope = scope_of(target);
        let vault = vault_arn(&scope, &of.vault);
        let mut state = self.enter(target, "backup:ListRecoveryPointsByBackupVault", &vault)?;
        let arns: Vec<Arn> = state
            .scope(&scope)
            .points
            .values()
            .map(|point| &point.shown)
            .filter(|point| point.vault.as_deref() == Some(of.vault.as_str()))
            .filter(|point| point.created_at >= of.from && point.created_at <= of.until)
            .take(of.at_most)
            .map(|point| point.arn.clone())
            .collect();
        let key = |arn: &Arn| {
            let key = state.copies.of_points.get(arn).cloned();
            key.map_or(PointKey::Plain, PointKey::Key)
        };
        Ok(arns.iter().map(|arn| (arn.clone(), key(arn))).collect())
    }

    async fn key_is_of_aws(&self, target: &Target, key: &str) -> Result<bool, CloudError> {
        const OPERATION: &str = "kms:DescribeKey";
        let mut state = self.enter(target, OPERATION, key)?;
        find_key(&mut state, OPERATION, key).map(|policy| policy.is_none())
    }

    async fn key_policy(&self, target: &Target, key: &str) -> Result<String, CloudError> {
        const OPERATION: &str = "kms:GetKeyPolicy";
        let mut state = self.enter(target, OPERATION, key)?;
        find_key(&mut state, OPERATION, key).map(Option::unwrap_or_default)
    }

    async fn organization(&self, target: &Target) -> Result<Option<String>, CloudError> {
        let state = self.enter(target, "organizations:DescribeOrganization", "*")?;
        let stranger = state.copies.strangers.contains(&target.connection.account);
        Ok((!stranger).then(|| "o-fake".to_owned()))
    }

    async fn cross_account_backup(&self, target: &Target) -> Result<bool, CloudError> {
        let state = self.enter(target, "backup:DescribeGlobalSettings", "*")?;
        Ok(!state.copies.kept_at_home)
    }
}

fn find_key(state: &mut State, operation: &str, key: &str) -> Result<Option<String>, CloudError> {
    match state.copies.keys.get(key) {
        Some(policy) => Ok(policy.clone()),
        None => Err(answer(
            state,
            CloudErrorKind::NotFound,
            operation,
            "NotFoundException",
            format!("Key {key} does not exist"),
        )),
    }
}

fn vault_arn(scope: &Scope, vault: &str) -> String {
    format!(
        "arn:aws:backup:{}:{}:backup-vault:{vault}",
        scope.region, scope.account
    )
}

fn begin(cloud: &FakeCloud, target: &Target, start: &CopyStart) -> Result<String, CloudError> {
    const OPERATION: &str = "backup:StartCopyJob";
    let scope = scope_of(target);
    let mut state = cloud.enter(target, OPERATION, start.point.as_str())?;
    let now = cloud.clock.now();
    if let Some(id) = state.scope(&scope).tokens.get(&start.token) {
        return Ok(id.clone());
    }
    let found = state.scope(&scope).points.get(&start.point).cloned();
    let Some(point) = found.filter(|p| p.shown.vault.as_deref() == Some(start.vault.as_str()))
    else {
        return Err(answer(
            &mut state,
            CloudErrorKind::NotFound,
            OPERATION,
            "ResourceNotFoundException",
            format!("Recovery point {} does not exist", start.point),
        ));
    };
    let running = state.scope(&scope).jobs.values();
    let running = running
        .filter(|job| job.job.kind == JobKind::Copy && job.job.completed_at.is_none())
        .count();
    if state.copies.at_once.is_some_and(|most| running >= most) {
        return Err(answer(
            &mut state,
            CloudErrorKind::LimitExceeded,
            OPERATION,
            "LimitExceededException",
            "The limit of concurrent copy jobs is reached",
        ));
    }
    let number = state.next();
    let (ends_at, paced) = state.job_end(Takes::CopyJob, now).unzip();
    let script = state.copy_script.clone();
    let (refused, effect) = match arrival(&mut state, &scope, start, &point.shown, number) {
        Ok((to, shown)) => {
            let mut copy = point.clone();
            copy.shown = shown;
            let point = Box::new(copy);
            (None, Effect::Copy { to, point })
        }
        Err(why) => {
            let made = start.point.clone();
            (
                Some(JobEnd::With("FAILED".to_owned(), why)),
                Effect::Nothing { made },
            )
        }
    };
    let id = format!("copy-job-{number:08}");
    let model = state.scope(&scope);
    model.tokens.insert(start.token.clone(), id.clone());
    model.jobs.insert(
        id.clone(),
        FakeJob {
            job: Job {
                id: id.clone(),
                kind: JobKind::Copy,
                account: scope.account.clone(),
                region: scope.region.clone(),
                resource_arn: Some(point.shown.resource_arn),
                point_arn: Some(start.point.clone()),
                status: "CREATED".to_owned(),
                message: None,
                percent: None,
                created_at: now,
                completed_at: None,
                vault: Some(start.vault.clone()),
                plan_id: None,
                rule_id: None,
                start_by: None,
            },
            polls_left: script.polls,
            ends_at,
            end: refused.or(paced).unwrap_or(script.end),
            effect,
            bytes: None,
            created: None,
        },
    );
    Ok(id)
}

/// The copy as it will lie in its vault, or why the job fails.
fn arrival(
    state: &mut State,
    scope: &Scope,
    start: &CopyStart,
    source: &RecoveryPoint,
    number: u64,
) -> Result<(Scope, RecoveryPoint), String> {
    let unreadable = || "Invalid destination backup vault ARN".to_owned();
    let to = Scope {
        account: AccountId::parse(start.destination.account()).map_err(|_| unreadable())?,
        region: Region::parse(start.destination.region()).map_err(|_| unreadable())?,
    };
    let name = start.destination.name().to_owned();
    let vault = state.scope(&to).vaults.get(&name).cloned();
    let vault = vault.ok_or_else(|| format!("Destination backup vault {name} does not exist."))?;
    if to.account != scope.account {
        let strangers = &state.copies.strangers;
        if strangers.contains(&to.account) || strangers.contains(&scope.account) {
            return Err(
                "Copy job failed. Both source and destination account must be a member of the same organization."
                    .to_owned(),
            );
        }
        if vault.access_policy.is_none() {
            return Err("Access Denied trying to call AWS Backup service".to_owned());
        }
    }
    let days = |days: i64| source.created_at + SignedDuration::from_hours(24 * days);
    let arn = Arn::parse(format!(
        "arn:aws:backup:{}:{}:recovery-point:copy-{number:08}",
        to.region, to.account
    ));
    let copy = RecoveryPoint {
        arn: arn.map_err(|error| error.to_string())?,
        account: to.account.clone(),
        region: to.region.clone(),
        vault: Some(name),
        copied_from: Some(source.arn.clone()),
        copied_from_vault: Arn::parse(vault_arn(scope, &start.vault)).ok(),
        cold_at: match start.lifecycle {
            Some(lifecycle) => lifecycle.cold_after_days.map(days),
            None => source.cold_at,
        },
        delete_at: match start.lifecycle {
            Some(lifecycle) => lifecycle.delete_after_days.map(days).or(source.delete_at),
            None => source.delete_at,
        },
        ..source.clone()
    };
    Ok((to, copy))
}

//! AWS in memory: accounts, tables with item counts, point-in-time recovery, jobs that go on by
//! polls. Deterministic with the clock it is given.

mod backup;
mod cloud;
mod copies;
mod enter;
mod model;
mod pace;
mod plans;
mod points;
mod policy;
mod probe;
mod restore;
mod scope;
mod settings;
mod table;
mod tables;
mod things;
mod vaults;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tidemark_domain::{
    AccountConnection, AccountId, Arn, ExternalId, LegalHold, RecoveryPoint, Resource, Scope,
    TableSettings, Vault,
};

pub(crate) use enter::too_large;
pub use model::{Access, JobEnd, JobScript};
pub use pace::{Pace, Takes};
pub use table::FakeTable;
pub use things::{TableThing, Thing};

use crate::{TestClock, build};
use model::{AccountModel, Point, State};

/// AWS in memory. Clones share the state.
///
/// It refuses what AWS refuses: unknown roles and external ids, actions outside the session policy
/// (conditions are not looked at), taken names, times outside the window. Item counts stand for data:
/// a restore to a second holds as many items as the table held at that second.
#[derive(Clone, Debug)]
pub struct FakeCloud {
    clock: TestClock,
    state: Arc<Mutex<State>>,
}

impl FakeCloud {
    /// An AWS without any account. New tables are busy for one poll; the restorable window lags by
    /// one second.
    pub fn new(clock: TestClock) -> Self {
        Self {
            clock,
            state: Arc::new(Mutex::new(State {
                settle: 1,
                lag: 1,
                ..State::default()
            })),
        }
    }

    /// The clock that it was given.
    pub fn clock(&self) -> &TestClock {
        &self.clock
    }

    /// Adds an account whose role and external id are those of the connection, with vault `Default`
    /// in each Region.
    #[must_use]
    pub fn with_account(self, connection: &AccountConnection, regions: &[&str]) -> Self {
        let account = connection.account.clone();
        self.lock().accounts.insert(
            account.clone(),
            AccountModel {
                connection: connection.clone(),
                access: Access::Open,
                denied: std::collections::BTreeSet::new(),
            },
        );
        for region in regions {
            let scope = build::scope(account.as_str(), region);
            self.add_vault(build::vault(&scope, "Default"));
        }
        self
    }

    /// Adds a table.
    #[must_use]
    pub fn with_table(self, scope: &Scope, table: FakeTable) -> Self {
        self.add_table(scope, table);
        self
    }

    /// Sets how the way into an account stands from now on.
    pub fn set_access(&self, account: &AccountId, access: Access) {
        if let Some(model) = self.lock().accounts.get_mut(account) {
            model.access = access;
        }
    }

    /// Lets the role of an account demand another external id from now on.
    pub fn set_external_id(&self, account: &AccountId, external_id: ExternalId) {
        if let Some(known) = self.lock().accounts.get_mut(account) {
            known.connection.external_id = external_id;
        }
    }

    /// Takes actions such as `dynamodb:ListTables` away from the account's role.
    pub fn deny(&self, account: &AccountId, actions: &[&str]) {
        if let Some(model) = self.lock().accounts.get_mut(account) {
            model.denied.extend(actions.iter().map(|a| (*a).to_owned()));
        }
    }

    /// Gives the account's role every action again.
    pub fn allow_all(&self, account: &AccountId) {
        if let Some(model) = self.lock().accounts.get_mut(account) {
            model.denied.clear();
        }
    }

    /// Adds a table, or replaces the one of that name.
    pub fn add_table(&self, scope: &Scope, table: FakeTable) {
        let mut state = self.lock();
        let id = state.table_id();
        let (name, table) = table.into_model(scope, id, self.clock.now());
        state.scope(scope).tables.insert(name, table);
    }

    /// From the clock's present moment on, the table holds so many items.
    pub fn set_items(&self, scope: &Scope, table: &str, items: i64) {
        let now = self.clock.now();
        if let Some(table) = self.lock().scope(scope).tables.get_mut(table) {
            table.history.push((now, items));
        }
    }

    /// How many items a table holds; none when there is no such table.
    pub fn items(&self, scope: &Scope, table: &str) -> Option<i64> {
        self.lock()
            .scope(scope)
            .tables
            .get(table)
            .map(model::Table::items)
    }

    /// The settings of a table; none when there is no such table.
    pub fn settings(&self, scope: &Scope, table: &str) -> Option<TableSettings> {
        self.lock()
            .scope(scope)
            .tables
            .get(table)
            .map(|t| t.settings.clone())
    }

    /// The names of the tables of a scope, in order.
    pub fn table_names(&self, scope: &Scope) -> Vec<String> {
        self.lock().scope(scope).tables.keys().cloned().collect()
    }

    /// Adds a resource that is not a table.
    pub fn add_resource(&self, resource: Resource) {
        let scope = scope_of(&resource);
        self.lock()
            .scope(&scope)
            .resources
            .insert(resource.arn.clone(), resource);
    }

    /// The resources of a scope that are not tables.
    pub fn resources(&self, scope: &Scope) -> Vec<Resource> {
        self.lock()
            .scope(scope)
            .resources
            .values()
            .cloned()
            .collect()
    }

    /// Adds a vault, or replaces the one of that name.
    pub fn add_vault(&self, vault: Vault) {
        let scope = Scope {
            account: vault.account.clone(),
            region: vault.region.clone(),
        };
        self.lock()
            .scope(&scope)
            .vaults
            .insert(vault.name.clone(), vault);
    }

    /// Adds a recovery point with what `GetRecoveryPointRestoreMetadata` answers and the number of
    /// items that it holds, when it is of a table.
    pub fn add_point(&self, point: RecoveryPoint, metadata: BTreeMap<String, String>, items: i64) {
        let scope = Scope {
            account: point.account.clone(),
            region: point.region.clone(),
        };
        self.lock().scope(&scope).points.insert(
            point.arn.clone(),
            Point {
                shown: point,
                metadata,
                items,
            },
        );
    }

    /// Takes a recovery point away, as a lifecycle or somebody else does.
    pub fn remove_point(&self, scope: &Scope, arn: &Arn) {
        self.lock().scope(scope).points.remove(arn);
    }

    /// Puts a legal hold on what its selection covers.
    pub fn add_hold(&self, hold: LegalHold) {
        let scope = Scope {
            account: hold.account.clone(),
            region: hold.region.clone(),
        };
        self.lock()
            .scope(&scope)
            .holds
            .insert(hold.id.clone(), hold);
    }

    /// How many recovery points there are in a scope.
    pub fn count_points(&self, scope: &Scope) -> usize {
        self.lock().scope(scope).points.len()
    }

    /// A recovery point as it is now.
    pub fn point(&self, scope: &Scope, arn: &Arn) -> Option<RecoveryPoint> {
        self.lock()
            .scope(scope)
            .points
            .get(arn)
            .map(|p| p.shown.clone())
    }

    /// Sets how backup jobs that start from now on go on.
    pub fn script_backups(&self, script: JobScript) {
        self.lock().backup_script = script;
    }

    /// Sets how restore jobs that start from now on go on.
    pub fn script_restores(&self, script: JobScript) {
        self.lock().restore_script = script;
    }

    /// Sets how many polls see a new or changed table busy.
    pub fn settle_after(&self, polls: u32) {
        self.lock().settle = polls;
    }

    /// Sets by how many seconds the latest restorable time lags.
    pub fn restorable_lag(&self, seconds: i64) {
        self.lock().lag = seconds;
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn scope_of(resource: &Resource) -> Scope {
    Scope {
        account: resource.account.clone(),
        region: resource.region.clone(),
    }
}

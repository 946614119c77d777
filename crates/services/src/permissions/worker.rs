use std::{collections::VecDeque, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tidemark_domain::Scope;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};
use uuid::Uuid;

use super::check::{DEADLINE, report};
use crate::{Pulse, ServiceError, Services, ports::PermissionTurn};

/// How often a worker looks whose turn it is.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// How often and how wide a worker asks.
#[derive(Clone, Copy, Debug)]
pub struct PermissionConfig {
    /// How long after a report the next one is made.
    pub every: Duration,
    /// How long after a report that could tell nothing, since the way in was broken.
    pub again: Duration,
    /// Scopes asked about at once.
    pub concurrency: usize,
    /// Longest time for one scope.
    pub deadline: Duration,
}

impl Default for PermissionConfig {
    fn default() -> Self {
        Self {
            every: Duration::from_hours(1),
            again: Duration::from_mins(5),
            concurrency: 10,
            deadline: DEADLINE,
        }
    }
}

/// Makes the reports of all roles as their turns come. Any number of workers share them.
pub struct PermissionWorker {
    services: Arc<Services>,
    config: PermissionConfig,
    reader: String,
    pulse: Pulse,
}

impl PermissionWorker {
    /// A worker; it does nothing until it runs.
    pub fn new(services: Arc<Services>, config: PermissionConfig) -> Self {
        Self {
            services,
            config,
            reader: Uuid::new_v4().to_string(),
            pulse: Pulse::default(),
        }
    }

    /// Beats whenever the worker has looked for something to do.
    pub fn pulse(&self) -> Pulse {
        self.pulse.clone()
    }

    /// Works until `stop` turns true. An account that hangs holds its own place only, and that until the
    /// deadline.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let mut look = interval(LOOK_EVERY.min(self.config.every));
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut waiting: VecDeque<Scope> = VecDeque::new();
        let mut running: JoinSet<()> = JoinSet::new();
        while !*stop.borrow() {
            while running.len() < self.config.concurrency
                && let Some(scope) = waiting.pop_front()
            {
                running.spawn(self.one(scope));
            }
            tokio::select! {
                changed = stop.changed() => if changed.is_err() { return },
                Some(ended) = running.join_next() => if let Err(error) = ended {
                    tracing::error!(%error, "a report on a role's permissions broke off; its next turn comes");
                },
                // Those that are still in line are in the database's list as well.
                _ = look.tick() => {
                    waiting = self.due().await.into();
                    self.pulse.beat();
                }
            }
        }
    }

    /// Makes the reports whose turn it is, and returns when all are made.
    pub async fn round(&self) {
        let mut running: JoinSet<()> = JoinSet::new();
        for scope in self.due().await {
            if running.len() >= self.config.concurrency {
                running.join_next().await;
            }
            running.spawn(self.one(scope));
        }
        running.join_all().await;
    }

    async fn due(&self) -> Vec<Scope> {
        match self.services.permissions.due(&self.turn()).await {
            Ok(due) => due,
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the roles whose permissions are to be asked for could not be listed"
                );
                Vec::new()
            }
        }
    }

    fn turn(&self) -> PermissionTurn {
        let now = self.services.clock.now();
        // Whoever took it and died is not waited for long.
        let until = self.config.deadline + Duration::from_secs(30);
        PermissionTurn {
            reader: self.reader.clone(),
            at: now,
            until: shifted(now, until, true),
            tried_before: shifted(now, self.config.every, false),
            broken_before: shifted(now, self.config.again.min(self.config.every), false),
        }
    }

    fn one(&self, scope: Scope) -> impl Future<Output = ()> + Send + use<> {
        let (services, turn) = (Arc::clone(&self.services), self.turn());
        let deadline = self.config.deadline;
        async move {
            if let Err(error) = take_and_make(&services, &scope, &turn, deadline).await {
                tracing::error!(
                    account = %scope.account, region = %scope.region,
                    error = &error as &dyn std::error::Error,
                    "a report on a role's permissions could not be kept"
                );
            }
        }
    }
}

async fn take_and_make(
    services: &Services,
    scope: &Scope,
    turn: &PermissionTurn,
    deadline: Duration,
) -> Result<(), ServiceError> {
    let Some(account) = services.accounts.get(&scope.account).await? else {
        return Ok(());
    };
    if !services.permissions.claim(scope, turn).await? {
        return Ok(());
    }
    report(services, &account, &scope.region, deadline).await
}

fn shifted(now: Timestamp, by: Duration, later: bool) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    if later {
        now.checked_add(by).unwrap_or(Timestamp::MAX)
    } else {
        now.checked_sub(by).unwrap_or(Timestamp::MIN)
    }
}

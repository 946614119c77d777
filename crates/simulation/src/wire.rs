//! The way between one process and AWS.

use async_trait::async_trait;
use jiff::SignedDuration;
use tidemark_services::ports::CloudError;
use tidemark_testkit::{Between, Passing};

use crate::{
    dice::Dice,
    oracle::Oracle,
    profile::Profile,
    time::{TrueTime, wait},
    trace::Trace,
    weather::{self, DEADLINE, Weather},
};

/// What only looks.
const LOOKS: [&str; 13] = [
    "open",
    "bucket",
    "probe",
    "read_scope",
    "plan",
    "backup_job",
    "restore_metadata",
    "restore_job",
    "table",
    "table_settings",
    "table_tags",
    "simulate",
    "assume",
];

/// What AWS may say to be too much of.
const LIMITED: [&str; 4] = [
    "restore_table",
    "start_restore",
    "start_backup",
    "start_rule_backup",
];

/// The way between one process and AWS: it takes time, loses calls and answers, and shows the oracle
/// what each call changed.
pub(crate) struct Wire {
    /// The process.
    pub(crate) process: String,
    /// The profile.
    pub(crate) profile: Profile,
    /// What is in trouble.
    pub(crate) weather: Weather,
    /// Chance.
    pub(crate) dice: Dice,
    /// Time.
    pub(crate) time: TrueTime,
    /// The trace.
    pub(crate) trace: Trace,
    /// Who judges.
    pub(crate) oracle: Oracle,
}

impl Wire {
    async fn travel(&self) {
        let fast = (
            SignedDuration::from_millis(2),
            SignedDuration::from_millis(200),
        );
        let slow = (SignedDuration::from_secs(1), SignedDuration::from_secs(40));
        let is_slow = !self.weather.is_calm() && self.dice.chance(self.profile.slow_calls / 2.0);
        let (low, high) = if is_slow { slow } else { fast };
        wait(self.dice.duration(low, high)).await;
    }

    /// How a call fails on its way to AWS.
    async fn lose_call(&self, operation: &'static str) -> Option<CloudError> {
        if self.weather.is_calm() || !self.dice.chance(self.profile.failing_calls) {
            return None;
        }
        Some(match self.dice.below(7) {
            0 | 1 => weather::throttled(operation),
            2 => weather::unreachable(operation),
            3 => weather::error_500(operation),
            4 => weather::expired(operation),
            5 if LIMITED.contains(&operation) => weather::limit_exceeded(operation),
            _ => {
                wait(DEADLINE).await;
                weather::timeout(operation)
            }
        })
    }

    /// How an answer is lost on its way back.
    async fn lose_answer(&self, operation: &'static str) -> Option<CloudError> {
        if self.weather.is_calm() || !self.dice.chance(self.profile.lost_answers) {
            return None;
        }
        Some(match self.dice.below(3) {
            0 => weather::unreachable(operation),
            1 => weather::error_500(operation),
            _ => {
                wait(DEADLINE).await;
                weather::timeout(operation)
            }
        })
    }

    fn say(&self, call: Passing<'_>, what: &str) {
        self.trace.say(self.time.elapsed(), || {
            let by = self.oracle.short_name(call.target);
            let Passing {
                operation, subject, ..
            } = call;
            format!("{} {by} {operation} {subject}: {what}", self.process)
        });
    }
}

#[async_trait]
impl Between for Wire {
    async fn before(&self, call: Passing<'_>) -> Result<(), CloudError> {
        self.travel().await;
        let account = &call.target.connection.account;
        let answer = match self.weather.answer(account, call.operation).await {
            Some(error) => Some(error),
            None => self.lose_call(call.operation).await,
        };
        if let Some(error) = answer {
            self.say(call, &format!("never arrives: {error}"));
            return Err(error);
        }
        // The model goes by this clock.
        self.time.now();
        if !LOOKS.contains(&call.operation) {
            self.oracle.before(call);
        }
        Ok(())
    }

    async fn after(&self, call: Passing<'_>, error: Option<&CloudError>) -> Result<(), CloudError> {
        if !LOOKS.contains(&call.operation) {
            self.oracle.after(call);
        }
        match error {
            Some(error) => self.say(call, &error.to_string()),
            None => self.say(call, "done"),
        }
        self.travel().await;
        if error.is_none()
            && let Some(lost) = self.lose_answer(call.operation).await
        {
            self.say(call, "the answer is lost");
            return Err(lost);
        }
        Ok(())
    }
}

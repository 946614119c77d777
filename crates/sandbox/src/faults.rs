use std::{
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde::{Deserialize, Serialize};

/// A rule that makes matching calls go wrong.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FaultRule {
    /// Identifier, given when the rule is added.
    #[serde(default)]
    pub id: u64,
    /// Signing name of the service; absent for every service.
    #[serde(default)]
    pub service: Option<String>,
    /// Account of the caller; absent for every account.
    #[serde(default)]
    pub account: Option<String>,
    /// Region of the call; absent for every Region.
    #[serde(default)]
    pub region: Option<String>,
    /// Operation; absent for every operation.
    #[serde(default)]
    pub action: Option<String>,
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// Share of matching calls that are hit, 0 to 1; all when absent.
    #[serde(default)]
    pub probability: Option<f64>,
    /// How many more calls are hit before the rule is spent; without end when absent.
    #[serde(default)]
    pub count: Option<u64>,
}

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// The answer comes late; other rules still apply.
    Latency {
        /// Delay in milliseconds.
        latency_ms: u64,
    },
    /// Too many requests, under the service's own code.
    Throttle,
    /// The service fails.
    ServerError {
        /// 500 or 503.
        #[serde(default = "default_status")]
        status: u16,
    },
    /// The connection is closed without an answer, before the call has an effect.
    Drop,
    /// The call is carried out, and the connection is closed without an answer.
    LostAnswer,
    /// Access is denied.
    Deny,
    /// The credentials have expired, whatever the caller thinks.
    ExpiredCredentials,
}

const fn default_status() -> u16 {
    500
}

/// What the rules say about one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) delay: Duration,
    pub(crate) fault: Option<FaultKind>,
}

/// The rules in force, in the order in which they were added.
#[derive(Debug, Default)]
pub struct Faults {
    rules: RwLock<Vec<FaultRule>>,
    next_id: AtomicU64,
}

impl Faults {
    /// Adds a rule and answers its identifier.
    pub fn add(&self, mut rule: FaultRule) -> u64 {
        rule.id = self.next_id.fetch_add(1, Ordering::Relaxed) + 1;
        let id = rule.id;
        self.rules
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(rule);
        id
    }

    /// The rules in force.
    pub fn list(&self) -> Vec<FaultRule> {
        self.rules
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Removes every rule, or the one with this identifier; answers how many went.
    pub fn remove(&self, id: Option<u64>) -> usize {
        let mut rules = self.rules.write().unwrap_or_else(PoisonError::into_inner);
        let before = rules.len();
        rules.retain(|rule| id.is_some_and(|id| rule.id != id));
        before - rules.len()
    }

    /// What happens to a call: delays add up, the first other fault wins, spent rules vanish.
    pub(crate) fn judge(
        &self,
        service: &str,
        account: &str,
        region: &str,
        action: &str,
    ) -> Verdict {
        if self
            .rules
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
        {
            return Verdict::default();
        }
        let mut verdict = Verdict::default();
        let mut rules = self.rules.write().unwrap_or_else(PoisonError::into_inner);
        for rule in rules.iter_mut() {
            let is = |wanted: &Option<String>, value: &str| {
                wanted.as_deref().is_none_or(|wanted| wanted == value)
            };
            let matches = is(&rule.service, service)
                && is(&rule.account, account)
                && is(&rule.region, region)
                && is(&rule.action, action);
            let terminal = !matches!(rule.kind, FaultKind::Latency { .. });
            if !matches
                || (terminal && verdict.fault.is_some())
                || rule.count == Some(0)
                || rule
                    .probability
                    .is_some_and(|share| rand::random::<f64>() >= share)
            {
                continue;
            }
            if let Some(left) = rule.count.as_mut() {
                *left -= 1;
            }
            match rule.kind {
                FaultKind::Latency { latency_ms } => {
                    verdict.delay += Duration::from_millis(latency_ms);
                }
                kind => verdict.fault = Some(kind),
            }
        }
        rules.retain(|rule| rule.count != Some(0));
        verdict
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn rule(json: &str) -> FaultRule {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_counted_rule_is_spent_after_its_calls() {
        let faults = Faults::default();
        faults.add(rule(r#"{"service":"s3","kind":"throttle","count":1}"#));
        assert_eq!(
            faults.judge("s3", "1", "r", "GetObject").fault,
            Some(FaultKind::Throttle)
        );
        assert_eq!(faults.judge("s3", "1", "r", "GetObject").fault, None);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn delays_add_up_and_the_first_other_fault_wins() {
        let faults = Faults::default();
        faults.add(rule(r#"{"kind":"latency","latency_ms":5}"#));
        faults.add(rule(r#"{"kind":"server_error","status":503}"#));
        faults.add(rule(r#"{"kind":"latency","latency_ms":7}"#));
        faults.add(rule(r#"{"kind":"drop"}"#));
        let verdict = faults.judge("backup", "1", "r", "ListBackupVaults");
        assert_eq!(verdict.delay, Duration::from_millis(12));
        assert_eq!(verdict.fault, Some(FaultKind::ServerError { status: 503 }));
    }

    #[test]
    fn a_rule_hits_only_what_it_names() {
        let faults = Faults::default();
        faults.add(rule(
            r#"{"service":"dynamodb","account":"1","region":"eu-west-1","action":"Scan","kind":"deny"}"#,
        ));
        assert_eq!(
            faults.judge("dynamodb", "2", "eu-west-1", "Scan").fault,
            None
        );
        assert_eq!(
            faults.judge("dynamodb", "1", "eu-west-1", "Query").fault,
            None
        );
        assert_eq!(
            faults.judge("dynamodb", "1", "us-east-1", "Scan").fault,
            None
        );
        assert_eq!(
            faults.judge("dynamodb", "1", "eu-west-1", "Scan").fault,
            Some(FaultKind::Deny)
        );
    }
}

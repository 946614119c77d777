//! Object lock: what protects each version, and until when.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use awsim_core::{AwsError, RequestContext};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{S3, STATE_REGION, errors, text};

/// How strict a retention is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Governance,
    Compliance,
}

impl Mode {
    pub(super) fn parse(text: &str) -> Result<Self, AwsError> {
        match text {
            "GOVERNANCE" => Ok(Self::Governance),
            "COMPLIANCE" => Ok(Self::Compliance),
            _ => Err(errors::malformed()),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Governance => "GOVERNANCE",
            Self::Compliance => "COMPLIANCE",
        }
    }
}

/// A retention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Retention {
    pub(super) mode: Mode,
    pub(super) until: Timestamp,
}

/// What protects one version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Protection {
    pub(super) retention: Option<Retention>,
    pub(super) legal_hold: bool,
}

impl Protection {
    /// Whether the version must stay.
    pub(super) fn forbids_deletion(self, now: Timestamp, bypass: bool) -> bool {
        self.legal_hold
            || self.retention.is_some_and(|retention| {
                retention.until > now && !(retention.mode == Mode::Governance && bypass)
            })
    }

    /// The headers of a read.
    pub(super) fn show(self, headers: &mut Value) {
        if let Some(retention) = self.retention {
            headers["x-amz-object-lock-mode"] = json!(retention.mode.name());
            headers["x-amz-object-lock-retain-until-date"] = json!(retention.until.to_string());
        }
        if self.legal_hold {
            headers["x-amz-object-lock-legal-hold"] = json!("ON");
        }
    }
}

/// Bucket, key and version.
type Place = (String, String, String);

/// The protection of every version that has any.
#[derive(Debug, Default)]
pub(super) struct Locks(Mutex<HashMap<Place, Protection>>);

impl Locks {
    pub(super) fn get(&self, bucket: &str, key: &str, version: &str) -> Protection {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&place(bucket, key, version))
            .copied()
            .unwrap_or_default()
    }

    pub(super) fn set(&self, bucket: &str, key: &str, version: &str, protection: Protection) {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if protection == Protection::default() {
            locks.remove(&place(bucket, key, version));
        } else {
            locks.insert(place(bucket, key, version), protection);
        }
    }
}

fn place(bucket: &str, key: &str, version: &str) -> Place {
    (bucket.to_owned(), key.to_owned(), version.to_owned())
}

pub(super) fn time(text: &str) -> Result<Timestamp, AwsError> {
    text.parse()
        .map_err(|_| errors::invalid("The retain until date must be provided in ISO 8601 format"))
}

impl S3 {
    /// What a write asks for, or else the bucket's default.
    pub(super) fn protection_of(
        &self,
        input: &Value,
        bucket: &str,
        ctx: &RequestContext,
    ) -> Result<Protection, AwsError> {
        let legal_hold = text(input, "ObjectLockLegalHold") == Some("ON");
        let asked = match (
            text(input, "ObjectLockMode"),
            text(input, "ObjectLockRetainUntilDate"),
        ) {
            (None, None) => None,
            (Some(mode), Some(until)) => Some(Retention {
                mode: Mode::parse(mode)?,
                until: self.in_future(time(until)?)?,
            }),
            _ => {
                return Err(errors::invalid(
                    "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
                ));
            }
        };
        if (asked.is_some() || legal_hold) && !self.has_lock(bucket, ctx) {
            return Err(missing_configuration());
        }
        Ok(Protection {
            retention: asked.or_else(|| self.default_retention(bucket, ctx)),
            legal_hold,
        })
    }

    pub(super) fn in_future(&self, until: Timestamp) -> Result<Timestamp, AwsError> {
        if until <= self.clock.now() {
            return Err(errors::invalid(
                "The retain until date must be in the future!",
            ));
        }
        Ok(until)
    }

    /// Whether the bucket was made with object lock.
    pub(super) fn has_lock(&self, bucket: &str, ctx: &RequestContext) -> bool {
        self.store
            .get(&ctx.account_id, STATE_REGION)
            .buckets
            .get(bucket)
            .is_some_and(|bucket| bucket.configs.contains_key("object-lock-enabled"))
    }

    fn default_retention(&self, bucket: &str, ctx: &RequestContext) -> Option<Retention> {
        let state = self.store.get(&ctx.account_id, STATE_REGION);
        let configuration: Value =
            serde_json::from_str(state.buckets.get(bucket)?.configs.get("object-lock")?).ok()?;
        let rule = configuration.pointer("/Rule/DefaultRetention")?;
        let number = |member: &str| match rule.get(member)? {
            Value::String(text) => text.parse::<i64>().ok(),
            value => value.as_i64(),
        };
        let days = number("Days").or_else(|| number("Years").map(|years| years * 365))?;
        Some(Retention {
            mode: Mode::parse(rule["Mode"].as_str()?).ok()?,
            until: self.clock.now() + SignedDuration::from_hours(24 * days),
        })
    }

    /// The version that a request names, or the newest; it must be there.
    pub(super) fn lock_place(
        &self,
        input: &Value,
        ctx: &RequestContext,
    ) -> Result<Place, AwsError> {
        let bucket = text(input, "Bucket").unwrap_or_default();
        let key = text(input, "Key").unwrap_or_default();
        if !self.has_lock(bucket, ctx) {
            return Err(missing_configuration());
        }
        let state = self.store.get(&ctx.account_id, STATE_REGION);
        let found = state
            .buckets
            .get(bucket)
            .ok_or_else(|| errors::no_such_bucket(bucket))?
            .objects
            .get(key)
            .and_then(|versions| {
                let found = match super::version_of(input) {
                    Some(version) => versions.find(version),
                    None => versions.current(),
                }?;
                Some(
                    found
                        .version_id
                        .clone()
                        .unwrap_or_else(|| "null".to_owned()),
                )
            })
            .ok_or_else(|| errors::no_such_key(key))?;
        Ok(place(bucket, key, &found))
    }
}

fn missing_configuration() -> AwsError {
    AwsError::bad_request(
        "InvalidRequest",
        "Bucket is missing Object Lock Configuration",
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn protection(mode: Mode, until: &str) -> Protection {
        Protection {
            retention: Some(Retention {
                mode,
                until: until.parse().unwrap(),
            }),
            legal_hold: false,
        }
    }

    #[test]
    fn only_governance_can_be_bypassed_and_only_before_its_end() {
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        let governance = protection(Mode::Governance, "2026-02-01T00:00:00Z");
        let compliance = protection(Mode::Compliance, "2026-02-01T00:00:00Z");
        assert!(governance.forbids_deletion(now, false));
        assert!(!governance.forbids_deletion(now, true));
        assert!(compliance.forbids_deletion(now, true));
        let past = protection(Mode::Compliance, "2025-12-31T00:00:00Z");
        assert!(!past.forbids_deletion(now, false));
        let held = Protection {
            legal_hold: true,
            ..past
        };
        assert!(held.forbids_deletion(now, true));
    }
}

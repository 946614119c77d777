use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;

use super::Providers;
use crate::{
    model::Scope,
    provider::{Captured, ProviderError, SimResource},
};

/// Calls to providers, made while no lock is held.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    /// List what a rule that fired could take.
    Select {
        scope: Scope,
        plan: String,
        version: String,
        rule: String,
        at: Timestamp,
    },
    /// Copy a resource's data for a backup job.
    Capture {
        scope: Scope,
        job: u64,
        resource_type: String,
        arn: String,
        at: Timestamp,
    },
    /// Copy the data of a continuous point for a copy job.
    CaptureForCopy {
        scope: Scope,
        job: u64,
        /// Where the resource lives.
        home: Scope,
        resource_type: String,
        arn: String,
        at: Timestamp,
    },
    /// Make a resource.
    Restore {
        scope: Scope,
        job: u64,
        resource_type: String,
        source: RestoreSource,
        metadata: BTreeMap<String, String>,
        at: Timestamp,
    },
}

/// Where the data of a restore comes from.
#[derive(Clone, Debug)]
pub(crate) enum RestoreSource {
    /// A snapshot's data.
    Snapshot(Arc<Captured>),
    /// The journal of the resource itself, at a second.
    Journal {
        home: Scope,
        arn: String,
        at: Timestamp,
    },
}

/// What came of a call.
pub(crate) enum Outcome {
    Selected {
        scope: Scope,
        plan: String,
        version: String,
        rule: String,
        at: Timestamp,
        resources: Vec<(&'static str, Vec<SimResource>)>,
    },
    Captured {
        scope: Scope,
        job: u64,
        result: Result<Captured, ProviderError>,
    },
    CapturedForCopy {
        scope: Scope,
        job: u64,
        result: Result<Captured, ProviderError>,
    },
    Restored {
        scope: Scope,
        job: u64,
        result: Result<String, ProviderError>,
    },
}

impl Work {
    /// Makes the call. May be slow.
    pub(crate) fn run(self, providers: &Providers) -> Outcome {
        match self {
            Self::Select {
                scope,
                plan,
                version,
                rule,
                at,
            } => Outcome::Selected {
                resources: providers
                    .values()
                    .map(|provider| {
                        (
                            provider.resource_type(),
                            provider.list(&scope.account, &scope.region),
                        )
                    })
                    .collect(),
                scope,
                plan,
                version,
                rule,
                at,
            },
            Self::Capture {
                scope,
                job,
                resource_type,
                arn,
                at,
            } => Outcome::Captured {
                result: capture(providers, &scope, &resource_type, &arn, at),
                scope,
                job,
            },
            Self::CaptureForCopy {
                scope,
                job,
                home,
                resource_type,
                arn,
                at,
            } => Outcome::CapturedForCopy {
                result: capture(providers, &home, &resource_type, &arn, at),
                scope,
                job,
            },
            Self::Restore {
                scope,
                job,
                resource_type,
                source,
                metadata,
                at,
            } => Outcome::Restored {
                result: restore(providers, &scope, &resource_type, source, &metadata, at),
                scope,
                job,
            },
        }
    }
}

fn capture(
    providers: &Providers,
    scope: &Scope,
    resource_type: &str,
    arn: &str,
    at: Timestamp,
) -> Result<Captured, ProviderError> {
    provider(providers, resource_type)?.capture(&scope.account, &scope.region, arn, at)
}

fn restore(
    providers: &Providers,
    scope: &Scope,
    resource_type: &str,
    source: RestoreSource,
    metadata: &BTreeMap<String, String>,
    at: Timestamp,
) -> Result<String, ProviderError> {
    let provider = provider(providers, resource_type)?;
    let captured = match source {
        RestoreSource::Snapshot(captured) => captured,
        RestoreSource::Journal { home, arn, at } => {
            Arc::new(provider.capture(&home.account, &home.region, &arn, at)?)
        }
    };
    provider.restore(&scope.account, &scope.region, &captured, metadata, at)
}

fn provider<'a>(
    providers: &'a Providers,
    resource_type: &str,
) -> Result<&'a Arc<dyn crate::provider::ResourceProvider>, ProviderError> {
    providers.get(resource_type).ok_or_else(|| ProviderError {
        code: "InvalidParameterValueException".to_owned(),
        message: format!("Resource type {resource_type} is not supported in this Region"),
    })
}

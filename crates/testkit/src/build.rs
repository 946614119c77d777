//! Builders: valid values with defaults that a test overrides where it cares.
#![expect(
    clippy::missing_panics_doc,
    clippy::expect_used,
    reason = "a builder given an invalid literal is a broken test"
)]

use std::collections::BTreeMap;

use jiff::Timestamp;
use tidemark_domain::{
    Account, AccountConnection, AccountId, Arn, ExternalId, Features, PitrWindow, PointSource,
    RecoveryPoint, Region, Resource, ResourceType, RoleArn, Scope, SessionName, Tier, Vault,
    VaultKind,
    records::{Capture, CaptureLayout, CaptureMode},
};
use tidemark_services::ports::{SessionIdentity, Target};

/// 2026-01-15, 12:00 UTC: the moment at which built values are made.
pub fn moment() -> Timestamp {
    Timestamp::from_second(1_768_478_400).expect("a valid second")
}

/// An account id.
pub fn account_id(text: &str) -> AccountId {
    AccountId::parse(text).expect("12 digits")
}

/// A Region.
pub fn region(text: &str) -> Region {
    Region::parse(text).expect("a Region code")
}

/// An ARN.
pub fn arn(text: &str) -> Arn {
    Arn::parse(text).expect("an ARN")
}

/// A scope.
pub fn scope(account: &str, region: &str) -> Scope {
    Scope {
        account: account_id(account),
        region: self::region(region),
    }
}

/// The ARN of a table.
pub fn table_arn(scope: &Scope, name: &str) -> Arn {
    arn(&format!(
        "arn:aws:dynamodb:{}:{}:table/{name}",
        scope.region, scope.account
    ))
}

/// The way into an account: role `TidemarkAccess`, an external id of its own.
pub fn connection(account: &str) -> AccountConnection {
    AccountConnection {
        account: account_id(account),
        role: RoleArn::parse(format!("arn:aws:iam::{account}:role/TidemarkAccess"))
            .expect("a role ARN"),
        external_id: ExternalId::parse(format!("external-{account}")).expect("an external id"),
    }
}

/// A registered account with alias `account-<id>` and Region eu-west-1.
pub fn account(id: &str) -> Account {
    Account {
        connection: connection(id),
        alias: format!("account-{id}"),
        regions: vec![region("eu-west-1")],
        added_at: moment(),
        features: Features::all(),
        pending: None,
    }
}

/// A target for reading: session name `test`, no source identity, no policy.
pub fn target(scope: &Scope) -> Target {
    Target {
        connection: connection(scope.account.as_str()),
        region: scope.region.clone(),
        session: SessionIdentity {
            session_name: SessionName::from_text("test"),
            source_identity: None,
            policy: None,
        },
    }
}

/// A target for a run of a user, with a session policy.
pub fn target_for(scope: &Scope, user: &str, policy: &str) -> Target {
    let mut target = target(scope);
    target.session.source_identity = Some(SessionName::from_text(user));
    target.session.policy = Some(policy.to_owned());
    target
}

/// A record-level backup of a table, read by the worker.
pub fn capture(scope: &Scope, table: &str) -> Capture {
    Capture {
        id: format!("capture-of-{table}"),
        account: scope.account.clone(),
        region: scope.region.clone(),
        table: table_arn(scope, table),
        bucket: "records".to_owned(),
        prefix: String::new(),
        layout: CaptureLayout::Segments,
        mode: CaptureMode::Embedded,
        created_at: moment(),
        created_by: "admin".to_owned(),
    }
}

/// Builds a [`Resource`].
#[derive(Clone, Debug)]
pub struct ResourceBuilder(Resource);

/// A DynamoDB table of 4 KiB without tags or point-in-time recovery.
pub fn resource(scope: &Scope, name: &str) -> ResourceBuilder {
    ResourceBuilder(Resource {
        arn: table_arn(scope, name),
        resource_type: ResourceType::DynamoDb,
        account: scope.account.clone(),
        region: scope.region.clone(),
        name: name.to_owned(),
        tags: BTreeMap::new(),
        size_bytes: Some(4096),
        created_at: Some(moment()),
        pitr: None,
        deleted: false,
    })
}

impl ResourceBuilder {
    /// Another type under another ARN.
    #[must_use]
    pub fn of(mut self, resource_type: ResourceType, arn: &str) -> Self {
        self.0.resource_type = resource_type;
        self.0.arn = self::arn(arn);
        self
    }

    /// Adds a tag.
    #[must_use]
    pub fn tag(mut self, key: &str, value: &str) -> Self {
        self.0.tags.insert(key.to_owned(), value.to_owned());
        self
    }

    /// Sets the size.
    #[must_use]
    pub fn size(mut self, bytes: u64) -> Self {
        self.0.size_bytes = Some(bytes);
        self
    }

    /// Sets the point-in-time window.
    #[must_use]
    pub fn pitr(mut self, earliest: Timestamp, latest: Timestamp) -> Self {
        self.0.pitr = Some(PitrWindow { earliest, latest });
        self
    }

    /// The value.
    pub fn build(self) -> Resource {
        self.0
    }
}

/// Builds a [`RecoveryPoint`].
#[derive(Clone, Debug)]
pub struct PointBuilder(RecoveryPoint);

/// A completed warm point of a resource, of 4 KiB, in vault `Default`. The id makes its ARN.
pub fn point(resource: &Resource, id: &str) -> PointBuilder {
    PointBuilder(RecoveryPoint {
        arn: arn(&format!(
            "arn:aws:backup:{}:{}:recovery-point:{id}",
            resource.region, resource.account
        )),
        resource_arn: resource.arn.clone(),
        resource_type: resource.resource_type.clone(),
        account: resource.account.clone(),
        region: resource.region.clone(),
        vault: Some("Default".to_owned()),
        source: PointSource::AwsBackup,
        status: "COMPLETED".to_owned(),
        status_message: None,
        created_at: moment(),
        completed_at: Some(moment()),
        size_bytes: Some(4096),
        tier: Tier::Warm,
        cold_at: None,
        delete_at: None,
        locked: false,
        held: false,
        copied_from: None,
        copied_from_vault: None,
        parent: None,
        plan_id: None,
        rule_id: None,
    })
}

impl PointBuilder {
    /// When it was made.
    #[must_use]
    pub fn at(mut self, at: Timestamp) -> Self {
        self.0.created_at = at;
        self.0.completed_at = Some(at);
        self
    }

    /// Its status.
    #[must_use]
    pub fn status(mut self, status: &str) -> Self {
        status.clone_into(&mut self.0.status);
        self
    }

    /// Its vault.
    #[must_use]
    pub fn vault(mut self, vault: &str) -> Self {
        self.0.vault = Some(vault.to_owned());
        self
    }

    /// Made by another service, outside any vault, under another ARN.
    #[must_use]
    pub fn outside_vaults(mut self, source: PointSource, arn: &str) -> Self {
        self.0.vault = None;
        self.0.source = source;
        self.0.arn = self::arn(arn);
        self
    }

    /// In cold storage since then.
    #[must_use]
    pub fn cold(mut self, since: Timestamp) -> Self {
        self.0.tier = Tier::Cold;
        self.0.cold_at = Some(since);
        self
    }

    /// When it is deleted.
    #[must_use]
    pub fn delete_at(mut self, at: Timestamp) -> Self {
        self.0.delete_at = Some(at);
        self
    }

    /// Its size.
    #[must_use]
    pub fn size(mut self, bytes: u64) -> Self {
        self.0.size_bytes = Some(bytes);
        self
    }

    /// In a locked vault.
    #[must_use]
    pub fn locked(mut self) -> Self {
        self.0.locked = true;
        self
    }

    /// The value.
    pub fn build(self) -> RecoveryPoint {
        self.0
    }
}

/// An unlocked vault without points.
pub fn vault(scope: &Scope, name: &str) -> Vault {
    Vault {
        name: name.to_owned(),
        arn: arn(&format!(
            "arn:aws:backup:{}:{}:backup-vault:{name}",
            scope.region, scope.account
        )),
        account: scope.account.clone(),
        region: scope.region.clone(),
        points: 0,
        locked: false,
        lock_date: None,
        min_retention_days: None,
        max_retention_days: None,
        kind: VaultKind::Standard,
        created_at: None,
        encryption_key: None,
        access_policy: None,
    }
}

use tidemark_domain::Feature;

/// What the table knows of one call.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The service's prefix in IAM, for example `dynamodb`.
    pub service: &'static str,
    /// The operation as AWS names it, for example `ListBuckets`.
    pub operation: &'static str,
    /// Both, for example `s3:ListBuckets`: how errors and logs name the call.
    pub name: &'static str,
    /// Whether it changes anything.
    pub effect: Effect,
    /// Who makes the call, and what for.
    pub features: &'static [Feature],
    /// What the caller must be allowed: its own, and what it shares with others.
    pub needs: &'static [&'static [Need]],
}

/// Whether a call changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It reads.
    Read,
    /// It creates, changes, starts, stops or deletes.
    Write,
}

/// One action that the caller must be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// As IAM names it.
    pub action: &'static str,
    /// On what.
    pub on: On,
    /// Under which circumstances only; none where it is needed always.
    pub when: Option<When>,
}

/// The kind of resource that a permission is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum On {
    /// The action knows no resources, or the call names none.
    Any,
    /// A backup vault.
    Vault,
    /// The key that is to encrypt what lies in a vault, used by way of AWS Backup.
    VaultKey,
    /// A legal hold.
    LegalHold,
    /// A backup plan.
    Plan,
    /// A recovery point.
    RecoveryPoint,
    /// A table.
    Table,
    /// The table that a restore makes.
    NewTable,
    /// A backup of a table by `DynamoDB` itself.
    TableBackup,
    /// A table's stream.
    Stream,
    /// Any bucket.
    AnyBucket,
    /// A bucket that keeps records.
    Bucket,
    /// Objects in a bucket that keeps records.
    Objects,
    /// A bucket that others write their backups to.
    BackupBucket,
    /// Objects in such a bucket.
    BackupObjects,
    /// A bucket that others use.
    SharedBucket,
    /// What lies in such a bucket in the folder for proofs of access.
    ProofList,
    /// Objects in that folder.
    ProofObjects,
    /// A role whose access is proved, and that allows to be assumed for it.
    ProvedRole,
    /// A stack of `CloudFormation`.
    Stack,
    /// The role that is handed to AWS Backup.
    ServiceRole,
    /// The service-linked role of Application Auto Scaling.
    ScalingRole,
    /// The key that encrypts a table, used by way of `DynamoDB`.
    TableKey,
    /// The key that encrypts a table, given on to `DynamoDB`.
    TableKeyGrant,
    /// The key that encrypts objects, used by way of S3.
    ObjectKey,
    /// The key that encrypts a recovery point or a vault, as its owner looks at it.
    Key,
    /// A role of the account.
    Role,
}

impl On {
    /// In words, as the documentation has them.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Any => "everything",
            Self::Vault => "the vault",
            Self::VaultKey => "the vault's key, by way of AWS Backup",
            Self::LegalHold => "the legal hold",
            Self::Plan => "the plan",
            Self::RecoveryPoint => "the recovery point",
            Self::Table => "the table",
            Self::NewTable => "the new table",
            Self::TableBackup => "the table's backup",
            Self::Stream => "the stream",
            Self::AnyBucket => "the bucket",
            Self::Bucket => "the bucket that keeps records",
            Self::Objects => "its objects",
            Self::BackupBucket => "the bucket of backups",
            Self::BackupObjects => "the objects of backups",
            Self::SharedBucket => "the bucket that others use",
            Self::ProofList => "its folder for proofs of access",
            Self::ProofObjects => "objects in its folder for proofs of access",
            Self::ProvedRole => "a role that is tagged for proofs of access",
            Self::Stack => "the stack",
            Self::ServiceRole => "the role that AWS Backup works as",
            Self::ScalingRole => "the service-linked role of auto scaling",
            Self::TableKey | Self::TableKeyGrant => "the table's key, by way of DynamoDB",
            Self::ObjectKey => "the objects' key, by way of S3",
            Self::Key => "the key",
            Self::Role => "the role",
        }
    }

    /// The service by which alone a key is used.
    pub const fn key_by_way_of(self) -> Option<&'static str> {
        match self {
            Self::TableKey | Self::TableKeyGrant => Some("dynamodb"),
            Self::ObjectKey => Some("s3"),
            _ => None,
        }
    }
}

/// When a permission is needed that mostly is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// The table, the bucket or the vault is encrypted with a key of the account's own.
    OwnKey,
    /// Nobody has used auto scaling of tables in the account yet.
    FirstScaling,
    /// What the new point is to be tagged with.
    Tagged,
}

impl When {
    /// In words, after "is needed".
    pub const fn words(self) -> &'static str {
        match self {
            Self::OwnKey => {
                "where the table, the bucket or the vault is encrypted with a customer managed key"
            }
            Self::FirstScaling => "while the account has no auto scaling of tables yet",
            Self::Tagged => "where tags are given",
        }
    }
}

/// A permission that is needed always.
pub(super) const fn need(action: &'static str, on: On) -> Need {
    Need {
        action,
        on,
        when: None,
    }
}

/// A permission that is needed in some cases.
pub(super) const fn need_when(action: &'static str, on: On, when: When) -> Need {
    Need {
        action,
        on,
        when: Some(when),
    }
}

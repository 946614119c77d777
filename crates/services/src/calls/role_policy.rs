use std::collections::BTreeSet;

use serde_json::{Value, json};
use tidemark_domain::{
    AccountId, Features,
    policy::{PROOF_FOLDER, PROOF_TAG, PROOF_TAG_VALUE},
};

use super::{
    Call, Effect, Feature, Need, On, SCALING,
    session_policy::{PASSED_TO, SCALING_ROLE},
};

/// Where the role's policy allows what a call needs. Each is one statement, under this id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sid {
    Read,
    BackUpAndRestore,
    ManagePlans,
    ManageVaults,
    EncryptVaults,
    ReadStreams,
    ReadKeys,
    KeepRecords,
    KeepBackups,
    UseKeysOfStoredData,
    LetTablesUseTheirKeys,
    PassTheBackupRole,
    MakeTheScalingRole,
    CheckPermissions,
    ShareBuckets,
    ListProofs,
    ClearProofs,
    ProveAccess,
}

impl Sid {
    const ALL: [Self; 18] = [
        Self::Read,
        Self::BackUpAndRestore,
        Self::ManagePlans,
        Self::ManageVaults,
        Self::EncryptVaults,
        Self::ReadStreams,
        Self::ReadKeys,
        Self::KeepRecords,
        Self::KeepBackups,
        Self::UseKeysOfStoredData,
        Self::LetTablesUseTheirKeys,
        Self::PassTheBackupRole,
        Self::MakeTheScalingRole,
        Self::CheckPermissions,
        Self::ShareBuckets,
        Self::ListProofs,
        Self::ClearProofs,
        Self::ProveAccess,
    ];

    fn of(call: Call, need: &Need) -> Self {
        let row = call.row();
        match need.on {
            On::Stream => Self::ReadStreams,
            On::Key => Self::ReadKeys,
            On::Bucket | On::Objects => Self::KeepRecords,
            On::BackupBucket | On::BackupObjects => Self::KeepBackups,
            On::AnyBucket if row.effect == Effect::Read => Self::Read,
            On::TableKey | On::ObjectKey => Self::UseKeysOfStoredData,
            On::TableKeyGrant => Self::LetTablesUseTheirKeys,
            On::ServiceRole => Self::PassTheBackupRole,
            On::ScalingRole => Self::MakeTheScalingRole,
            On::Role => Self::CheckPermissions,
            On::SharedBucket => Self::ShareBuckets,
            On::ProofList => Self::ListProofs,
            On::ProofObjects => Self::ClearProofs,
            On::ProvedRole => Self::ProveAccess,
            On::VaultKey => Self::EncryptVaults,
            _ if row.features == [Feature::Vaults] => Self::ManageVaults,
            // Reading records is no reading of the catalogue.
            _ if row.effect == Effect::Read && row.features.contains(&Feature::Catalogue) => {
                Self::Read
            }
            _ if row.features == [Feature::Plans] => Self::ManagePlans,
            _ if row.effect == Effect::Read && !row.features.contains(&Feature::Records) => {
                Self::Read
            }
            _ => Self::BackUpAndRestore,
        }
    }

    /// On what it allows its actions, in the account that the template is deployed in.
    fn resource(self, place: &Place) -> Value {
        let sub = |arn: &str| place.arn(arn);
        match self {
            Self::Read | Self::BackUpAndRestore | Self::ManagePlans | Self::ManageVaults => {
                json!("*")
            }
            Self::ReadStreams => sub("dynamodb:*:${AWS::AccountId}:table/*/stream/*"),
            // Every other bucket is out of reach; a bucket of another name is added here.
            Self::KeepRecords => sub("s3:::tidemark-records-*"),
            // By their names, so that no other bucket can be read or written; one of another name is added here.
            Self::KeepBackups => sub("s3:::backup*"),
            Self::ReadKeys
            | Self::UseKeysOfStoredData
            | Self::LetTablesUseTheirKeys
            | Self::EncryptVaults => sub("kms:*:${AWS::AccountId}:key/*"),
            // Selections with another role need `iam:PassRole` on it.
            Self::PassTheBackupRole => {
                sub("iam::${AWS::AccountId}:role/service-role/AWSBackupDefaultServiceRole")
            }
            Self::MakeTheScalingRole => {
                sub(&format!("iam::${{AWS::AccountId}}:role/{SCALING_ROLE}"))
            }
            Self::CheckPermissions | Self::ProveAccess => sub("iam::${AWS::AccountId}:role/*"),
            // Each run's session policy names the one bucket.
            Self::ShareBuckets | Self::ListProofs => sub("s3:::*"),
            Self::ClearProofs => sub(&format!("s3:::*{PROOF_FOLDER}*")),
        }
    }

    fn condition(self) -> Option<Value> {
        match self {
            // Tables and buckets that are encrypted with keys of the account's own: only by way of
            // the service that stores the data. The key's own policy counts besides.
            Self::UseKeysOfStoredData => Some(json!({
                "StringLike": {"kms:ViaService": ["s3.*.amazonaws.com*", "dynamodb.*.amazonaws.com*"]}
            })),
            Self::LetTablesUseTheirKeys => Some(json!({
                "StringLike": {"kms:ViaService": "dynamodb.*.amazonaws.com*"},
                "Bool": {"kms:GrantIsForAWSResource": "true"},
            })),
            Self::EncryptVaults => {
                Some(json!({"StringLike": {"kms:ViaService": "backup.*.amazonaws.com*"}}))
            }
            Self::PassTheBackupRole => {
                Some(json!({"StringEquals": {"iam:PassedToService": PASSED_TO}}))
            }
            Self::MakeTheScalingRole => {
                Some(json!({"StringEquals": {"iam:AWSServiceName": SCALING}}))
            }
            Self::ListProofs => {
                Some(json!({"StringLike": {"s3:prefix": format!("*{PROOF_FOLDER}*")}}))
            }
            // Whoever owns a role says by its tag that it may be tried.
            Self::ProveAccess => Some(json!({
                "StringEquals": {format!("aws:ResourceTag/{PROOF_TAG}"): PROOF_TAG_VALUE}
            })),
            _ => None,
        }
    }
}

/// How a policy names the account and the partition that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// By what `CloudFormation` puts in where the template is deployed.
    CloudFormation,
    /// By what Terraform puts in, of its data sources `current`.
    Terraform,
    /// By their names.
    Known {
        /// For example `aws`.
        partition: String,
        /// The account.
        account: AccountId,
    },
}

impl Place {
    /// An ARN from its service on, in which `${AWS::AccountId}` stands for the account.
    pub fn arn(&self, rest: &str) -> Value {
        match self {
            Self::CloudFormation => json!({"Fn::Sub": format!("arn:${{AWS::Partition}}:{rest}")}),
            Self::Terraform => {
                let rest = rest.replace(
                    "${AWS::AccountId}",
                    "${data.aws_caller_identity.current.account_id}",
                );
                json!(format!(
                    "arn:${{data.aws_partition.current.partition}}:{rest}"
                ))
            }
            Self::Known { partition, account } => {
                let rest = rest.replace("${AWS::AccountId}", account.as_str());
                json!(format!("arn:{partition}:{rest}"))
            }
        }
    }
}

/// What the access role of an account may do, as the template says it: everything that a row of the table says the calls of
/// its features need, and nothing else.
pub fn role_policy(features: &Features, place: &Place) -> Value {
    policy_of(place, |call, _| {
        call.row()
            .features
            .iter()
            .any(|feature| features.enables(*feature))
    })
}

/// The part of it that allows what is picked of the access role's calls; no statement where nothing is.
pub fn policy_of(place: &Place, picks: impl Fn(Call, &Need) -> bool) -> Value {
    let statements: Vec<Value> = Sid::ALL
        .into_iter()
        .filter_map(|sid| {
            let actions = actions(sid, &picks);
            if actions.is_empty() {
                return None;
            }
            let mut statement = json!({
                "Sid": format!("{sid:?}"),
                "Effect": "Allow",
                "Action": actions,
                "Resource": sid.resource(place),
            });
            if let Some(condition) = sid.condition() {
                statement["Condition"] = condition;
            }
            Some(statement)
        })
        .collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn actions(sid: Sid, picks: &impl Fn(Call, &Need) -> bool) -> BTreeSet<&'static str> {
    Call::ALL
        .iter()
        .filter(|call| call.is_of_access_role())
        .flat_map(|call| call.needs().map(move |need| (*call, need)))
        .filter(|(call, need)| Sid::of(*call, need) == sid && picks(*call, need))
        .map(|(_, need)| need.action)
        .collect()
}

/// What the role that only diagnoses may do with the access role.
pub(crate) fn diagnosis_actions() -> BTreeSet<&'static str> {
    Call::ALL
        .iter()
        .filter(|call| call.row().features.contains(&Feature::Diagnosis))
        .flat_map(|call| call.actions())
        .collect()
}

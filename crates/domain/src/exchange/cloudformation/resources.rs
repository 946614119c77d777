use serde_json::Value;

/// What the name and the ARN of a resource follow from.
pub(super) struct Own {
    kind: &'static str,
    /// The property that names it: `Ref` answers it.
    pub(super) name: &'static str,
    /// The attribute that holds its ARN.
    pub(super) arn: &'static str,
    /// The ARN; `{p}` is the partition, `{r}` the Region, `{a}` the account, `{n}` the name.
    pub(super) form: &'static str,
    /// AWS keeps the name in small letters.
    pub(super) small: bool,
}

/// Resources of a template whose ARNs follow from their names.
///
/// Source: "Return values" of each type in the `CloudFormation` template reference.
const OWN: [Own; 9] = [
    own(
        "AWS::Backup::BackupVault",
        "BackupVaultName",
        "BackupVaultArn",
        "arn:{p}:backup:{r}:{a}:backup-vault:{n}",
    ),
    own(
        "AWS::Backup::LogicallyAirGappedBackupVault",
        "BackupVaultName",
        "BackupVaultArn",
        "arn:{p}:backup:{r}:{a}:backup-vault:{n}",
    ),
    own(
        "AWS::DynamoDB::GlobalTable",
        "TableName",
        "Arn",
        "arn:{p}:dynamodb:{r}:{a}:table/{n}",
    ),
    own(
        "AWS::DynamoDB::Table",
        "TableName",
        "Arn",
        "arn:{p}:dynamodb:{r}:{a}:table/{n}",
    ),
    own(
        "AWS::IAM::Role",
        "RoleName",
        "Arn",
        "arn:{p}:iam::{a}:role{path}{n}",
    ),
    own(
        "AWS::MemoryDB::Cluster",
        "ClusterName",
        "ARN",
        "arn:{p}:memorydb:{r}:{a}:cluster/{n}",
    ),
    small(own(
        "AWS::RDS::DBCluster",
        "DBClusterIdentifier",
        "DBClusterArn",
        "arn:{p}:rds:{r}:{a}:cluster:{n}",
    )),
    small(own(
        "AWS::RDS::DBInstance",
        "DBInstanceIdentifier",
        "DBInstanceArn",
        "arn:{p}:rds:{r}:{a}:db:{n}",
    )),
    own("AWS::S3::Bucket", "BucketName", "Arn", "arn:{p}:s3:::{n}"),
];

const fn own(kind: &'static str, name: &'static str, arn: &'static str, form: &'static str) -> Own {
    Own {
        kind,
        name,
        arn,
        form,
        small: false,
    }
}

const fn small(mut own: Own) -> Own {
    own.small = true;
    own
}

/// What follows for a resource of a template; nothing for the types of which it does not.
pub(super) fn own_of(resource: &Value) -> Option<&'static Own> {
    let kind = resource.get("Type")?.as_str()?;
    OWN.iter().find(|own| own.kind == kind)
}

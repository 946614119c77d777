//! ARNs as AWS writes them.

use uuid::Uuid;

use crate::model::Scope;

/// The type of the resource that an ARN names, as AWS Backup calls it.
pub(crate) fn resource_type(arn: &str) -> Option<&'static str> {
    let mut parts = arn.splitn(6, ':');
    if parts.next() != Some("arn") {
        return None;
    }
    let service = parts.nth(1)?;
    let resource = parts.nth(2)?;
    let kind = resource.split([':', '/']).next().unwrap_or_default();
    match (service, kind) {
        ("dynamodb", "table") => Some("DynamoDB"),
        ("s3", _) if !resource.is_empty() => Some("S3"),
        ("ec2", "volume") => Some("EBS"),
        ("ec2", "instance") => Some("EC2"),
        ("elasticfilesystem", "file-system") => Some("EFS"),
        ("rds", "db") => Some("RDS"),
        ("rds", "cluster") => Some("Aurora"),
        ("memorydb", "cluster") => Some("MemoryDB"),
        ("fsx", "file-system" | "volume") => Some("FSx"),
        ("redshift", "cluster" | "namespace") => Some("Redshift"),
        ("timestream", "database") => Some("Timestream"),
        ("storagegateway", "gateway") => Some("Storage Gateway"),
        ("eks", "cluster") => Some("EKS"),
        ("cloudformation", "stack") => Some("CloudFormation"),
        ("backup-gateway", "vm") => Some("VirtualMachine"),
        _ => None,
    }
}

/// The last part of an ARN, shown as the resource's name.
pub(crate) fn resource_name(arn: &str) -> String {
    arn.rsplit([':', '/']).next().unwrap_or(arn).to_owned()
}

/// Account, Region and name in a vault's ARN.
pub(crate) fn vault_parts(arn: &str) -> Option<(Scope, &str)> {
    let mut parts = arn.splitn(7, ':');
    let head: [&str; 3] = [parts.next()?, parts.next()?, parts.next()?];
    let region = parts.next()?;
    let account = parts.next()?;
    let kind = parts.next()?;
    let name = parts.next()?;
    let well_formed = head[0] == "arn"
        && head[2] == "backup"
        && kind == "backup-vault"
        && account.len() == 12
        && account.bytes().all(|b| b.is_ascii_digit())
        && !region.is_empty()
        && !name.is_empty();
    well_formed.then(|| (Scope::new(account, region), name))
}

/// What the ARN of a new recovery point is made from.
pub(crate) struct PointArn<'a> {
    pub scope: &'a Scope,
    pub resource_type: &'a str,
    pub resource_arn: &'a str,
    pub resource_name: &'a str,
    pub continuous: bool,
    /// Whether AWS Backup manages DynamoDB points itself (advanced features).
    pub managed_dynamodb: bool,
    pub id: Uuid,
    pub job_id: &'a str,
    /// `20260101123000`
    pub stamp: &'a str,
}

/// The ARN of a new recovery point, in the form of its type.
pub(crate) fn recovery_point(new: &PointArn<'_>) -> String {
    let PointArn { scope, id, .. } = new;
    let region = &scope.region;
    let account = &scope.account;
    let hex = id.simple().to_string();
    let short = &hex[..17];
    match new.resource_type {
        "EBS" => format!("arn:aws:ec2:{region}::snapshot/snap-{short}"),
        "EC2" => format!("arn:aws:ec2:{region}::image/ami-{short}"),
        "RDS" if new.continuous => {
            format!("arn:aws:rds:{region}:{account}:auto-backup:ab-{hex}")
        }
        "RDS" => format!(
            "arn:aws:rds:{region}:{account}:snapshot:awsbackup:job-{}",
            new.job_id.to_lowercase()
        ),
        "Aurora" => format!(
            "arn:aws:rds:{region}:{account}:cluster-snapshot:awsbackup:job-{}",
            new.job_id.to_lowercase()
        ),
        "S3" if new.continuous => scope.backup_arn(&format!(
            "recovery-point:continuous:{}-{}",
            new.resource_name,
            &hex[..8]
        )),
        "S3" => scope.backup_arn(&format!(
            "recovery-point:{}-{}-{}",
            new.resource_name,
            new.stamp,
            &hex[..8]
        )),
        "DynamoDB" if !new.managed_dynamodb => format!(
            "arn:aws:dynamodb:{region}:{account}:table/{}/backup/{}-{}",
            resource_name(new.resource_arn),
            new.stamp,
            &hex[..8]
        ),
        _ => scope.backup_arn(&format!(
            "recovery-point:{}",
            id.hyphenated().to_string().to_uppercase()
        )),
    }
}

/// Whether AWS Backup keeps points of this type itself, under its own ARNs and the vault's key.
pub(crate) fn fully_managed(resource_type: &str, managed_dynamodb: bool) -> bool {
    match resource_type {
        "DynamoDB" => managed_dynamodb,
        "EBS" | "EC2" | "RDS" | "Aurora" | "FSx" | "Redshift" | "MemoryDB" => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
        Some("DynamoDB")
    )]
    #[case("arn:aws:s3:::media", Some("S3"))]
    #[case("arn:aws:ec2:eu-west-1:111122223333:volume/vol-1", Some("EBS"))]
    #[case("arn:aws:rds:eu-west-1:111122223333:db:main", Some("RDS"))]
    #[case("arn:aws:lambda:eu-west-1:111122223333:function:f", None)]
    #[case("orders", None)]
    fn the_type_follows_from_the_arn(#[case] arn: &str, #[case] expected: Option<&str>) {
        assert_eq!(resource_type(arn), expected);
    }

    #[test]
    fn a_vault_arn_is_taken_apart() {
        assert_eq!(
            vault_parts("arn:aws:backup:eu-west-1:011122223333:backup-vault:main"),
            Some((Scope::new("011122223333", "eu-west-1"), "main"))
        );
        assert_eq!(
            vault_parts("arn:aws:backup:eu-west-1:0111:backup-vault:main"),
            None
        );
        assert_eq!(vault_parts("arn:aws:s3:::main"), None);
    }
}

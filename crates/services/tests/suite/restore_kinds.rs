//! Every type but tables, with what AWS proposes for its recovery points.

use std::collections::BTreeMap;

pub(crate) type Pairs = Vec<(&'static str, &'static str)>;

/// A type: its source, and what AWS proposes for its points, which names the source.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) arn: &'static str,
    pub(crate) proposed: Pairs,
}

pub(crate) fn kind(name: &'static str, arn: &'static str, proposed: Pairs) -> Kind {
    Kind {
        name,
        arn,
        proposed,
    }
}

/// Every type but tables, which have tests of their own, as the sandbox and the services propose them.
pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        kind(
            "S3",
            "arn:aws:s3:::media-originals",
            vec![
                ("DestinationBucketName", "media-originals"),
                ("NewBucket", "false"),
                ("Encrypted", "true"),
                ("EncryptionType", "SSE-S3"),
            ],
        ),
        kind(
            "EFS",
            "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0live",
            vec![
                ("file-system-id", "fs-0live"),
                ("newFileSystem", "true"),
                ("Encrypted", "true"),
                ("PerformanceMode", "generalPurpose"),
            ],
        ),
        kind(
            "EBS",
            "arn:aws:ec2:eu-west-1:111122223333:volume/vol-0live",
            vec![
                ("availabilityZone", "eu-west-1a"),
                ("volumeType", "gp3"),
                ("volumeSize", "8"),
                ("encrypted", "false"),
            ],
        ),
        kind(
            "EC2",
            "arn:aws:ec2:eu-west-1:111122223333:instance/i-0live",
            vec![
                ("InstanceType", "t3.micro"),
                ("SomethingOfTheSource", "as it was"),
                ("aws:backup:request-id", "1"),
            ],
        ),
        kind(
            "RDS",
            "arn:aws:rds:eu-west-1:111122223333:db:main",
            vec![
                ("DBInstanceIdentifier", "main"),
                ("DBInstanceClass", "db.t3.micro"),
                ("Engine", "postgres"),
                ("MultiAZ", "false"),
            ],
        ),
        kind(
            "Aurora",
            "arn:aws:rds:eu-west-1:111122223333:cluster:shop",
            vec![("DBClusterIdentifier", "shop"), ("Engine", "aurora-mysql")],
        ),
        kind(
            "MemoryDB",
            "arn:aws:memorydb:eu-west-1:111122223333:cluster/sessions",
            vec![("clusterName", "sessions"), ("numShards", "1")],
        ),
        kind(
            "DocumentDB",
            "arn:aws:rds:eu-west-1:111122223333:cluster:papers",
            vec![("dbClusterIdentifier", "papers"), ("engine", "docdb")],
        ),
        kind(
            "Neptune",
            "arn:aws:rds:eu-west-1:111122223333:cluster:graph",
            vec![("DBClusterIdentifier", "graph"), ("Engine", "neptune")],
        ),
        kind(
            "FSx",
            "arn:aws:fsx:eu-west-1:111122223333:file-system/fs-0win",
            vec![("windowsConfiguration", "{}"), ("subnetIds", "[]")],
        ),
    ]
}

pub(crate) fn pairs(pairs: &Pairs) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

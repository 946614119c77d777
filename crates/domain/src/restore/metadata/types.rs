//! One registration per type.

use super::{NameRule, Naming, Rules};
use crate::ResourceType;

/// What is known of a type's restore metadata; none for a type whose metadata cannot be judged.
pub fn rules(kind: &ResourceType) -> Option<&'static Rules> {
    match kind {
        ResourceType::DynamoDb => Some(&TABLE),
        ResourceType::S3 => Some(&BUCKET),
        ResourceType::Ebs => Some(&VOLUME),
        ResourceType::Ec2 => Some(&INSTANCE),
        ResourceType::Rds => Some(&DB_INSTANCE),
        ResourceType::Aurora => Some(&AURORA),
        ResourceType::Efs => Some(&FILE_SYSTEM),
        ResourceType::MemoryDb => Some(&MEMORYDB),
        ResourceType::Other(name) => match name.as_str() {
            "DocumentDB" => Some(&DOCUMENTDB),
            "Neptune" => Some(&NEPTUNE),
            "FSx" => Some(&FSX),
            // Redshift, Timestream, EKS, CloudFormation, virtual machines, SAP HANA, gateways: their
            // restores can also go into a cluster, database, stack or host that exists.
            _ => None,
        },
    }
}

/// Of types whose names AWS refuses while they are in use.
const REFUSED: &str = "AWS refuses to restore under a name that is in use, so that it stays as it is and the restore fails";

/// The table's name is a field of its own, so that no key may say another one.
static TABLE: Rules = Rules {
    noun: "table",
    keys: &[
        &["encryptionType"],
        &["kmsMasterKeyArn"],
        &["deletionProtection"],
    ],
    naming: Naming::Table,
    into_existing: REFUSED,
    service: "dynamodb",
    prefix: "table/",
};

/// `NewBucket=false` adds the objects that the bucket lacks; with the name of a bucket of one's own,
/// us-east-1 answers a request for a new one with success.
static BUCKET: Rules = Rules {
    noun: "bucket",
    keys: &[
        &["DestinationBucketName"],
        &["NewBucket"],
        &["Encrypted"],
        &["EncryptionType"],
        &["KMSKey", "KmsKey"],
        &["ItemsToRestore"],
        &["RestoreTime"],
        &["CreationToken"],
    ],
    naming: Naming::Choice {
        key: "DestinationBucketName",
        new: "NewBucket",
        rule: Some(NameRule::Bucket),
    },
    into_existing: "objects of the recovery point that it lacks are added; the objects that are there stay as they are",
    service: "s3",
    prefix: "",
};

/// `newFileSystem=false` writes into a file system that exists, below a directory of its own.
/// `CreationToken` is not here: `CreateFileSystem` takes one that was used before for that file system.
static FILE_SYSTEM: Rules = Rules {
    noun: "file system",
    keys: &[
        &["file-system-id"],
        &["newFileSystem"],
        &["Encrypted", "encrypted"],
        &["KmsKeyId", "kmsKeyId"],
        &["PerformanceMode", "performanceMode"],
        &["ItemsToRestore", "itemsToRestore"],
    ],
    naming: Naming::Choice {
        key: "file-system-id",
        new: "newFileSystem",
        rule: None,
    },
    into_existing: "the data goes into a new directory aws-backup-restore_<time> below its root; the files that are there stay as they are",
    service: "elasticfilesystem",
    prefix: "file-system/",
};

static VOLUME: Rules = Rules {
    noun: "volume",
    keys: &[
        &["availabilityZone"],
        &["encrypted"],
        &["iops"],
        &["kmsKeyId"],
        &["throughput"],
        &["volumeSize", "volumesize"],
        &["volumeType", "volumetype"],
        &["temporaryRestoreDurationInDays"],
    ],
    naming: Naming::ByAws,
    into_existing: REFUSED,
    service: "ec2",
    prefix: "volume/",
};

static INSTANCE: Rules = Rules {
    noun: "instance",
    keys: &[
        &["CpuOptions"],
        &["CreditSpecification"],
        &["DisableApiTermination", "disableApiTermination"],
        &["EbsOptimized"],
        &["HibernationOptions"],
        &["IamInstanceProfileName", "iamInstanceProfileName"],
        &["InstanceInitiatedShutdownBehavior"],
        &["InstanceType", "instanceType"],
        &["KeyName"],
        &["Monitoring"],
        &["NetworkInterfaces"],
        &["Placement"],
        &["requireImdsV2"],
        &["SecurityGroupIds", "securityGroupIds"],
        &["SubnetId", "subnetId"],
        &["UserData"],
        &["VpcId", "vpcId"],
    ],
    naming: Naming::ByAws,
    into_existing: REFUSED,
    service: "ec2",
    prefix: "instance/",
};

static DB_INSTANCE: Rules = Rules {
    noun: "DB instance",
    keys: &[
        &["DBInstanceIdentifier", "dbInstanceIdentifier"],
        &["AllocatedStorage"],
        &["AutoMinorVersionUpgrade"],
        &["AvailabilityZone"],
        &["BackupTarget"],
        &["CACertificateIdentifier"],
        &["CopyTagsToSnapshot"],
        &["CustomIamInstanceProfile"],
        &["DBInstanceClass"],
        &["DBName"],
        &["DBParameterGroupName"],
        &["DBSnapshotIdentifier"],
        &["DBSubnetGroupName", "dbSubnetGroupName"],
        &["DedicatedLogVolume"],
        &["DeletionProtection"],
        &["Domain"],
        &["DomainIAMRoleName"],
        &["EnableCloudwatchLogsExports"],
        &["EnableCustomerOwnedIp"],
        &["EnableIAMDatabaseAuthentication"],
        &["Engine"],
        &["EngineVersion"],
        &["Iops"],
        &["KmsKeyId"],
        &["LicenseModel"],
        &["MultiAZ"],
        &["NetworkType"],
        &["OptionGroupName"],
        &["Port"],
        &["ProcessorFeatures"],
        &["PubliclyAccessible"],
        &["RestoreTime"],
        &["StorageThroughput"],
        &["StorageType"],
        &["UseDefaultProcessorFeatures"],
        &["UseLatestRestorableTime"],
        &["VpcSecurityGroupIds", "vpcSecurityGroupIds"],
    ],
    naming: Naming::New {
        key: "DBInstanceIdentifier",
        rule: NameRule::Database,
    },
    into_existing: REFUSED,
    service: "rds",
    prefix: "db:",
};

/// The clusters of RDS have one API; the guide spells its names with a small first letter.
static CLUSTER_KEYS: &[&[&str]] = &[
    &["DBClusterIdentifier", "dbClusterIdentifier"],
    &["AvailabilityZones", "availabilityZones"],
    &["BacktrackWindow", "backtrackWindow"],
    &["CopyTagsToSnapshot", "copyTagsToSnapshot"],
    &["DatabaseName", "databaseName"],
    &["DBClusterParameterGroupName", "dbClusterParameterGroupName"],
    &["DBSubnetGroupName", "dbSubnetGroupName"],
    &["DeletionProtection", "deletionProtection"],
    &["EnableCloudwatchLogsExports", "enableCloudwatchLogsExports"],
    &[
        "EnableIAMDatabaseAuthentication",
        "enableIAMDatabaseAuthentication",
    ],
    &["Engine", "engine"],
    &["EngineMode", "engineMode"],
    &["EngineVersion", "engineVersion"],
    &["KmsKeyId", "kmsKeyId"],
    &["OptionGroupName", "optionGroupName"],
    &["Port", "port"],
    &["RestoreTime", "restoreTime"],
    &["ScalingConfiguration", "scalingConfiguration"],
    &[
        "ServerlessV2ScalingConfiguration",
        "serverlessV2ScalingConfiguration",
    ],
    &["StorageType", "storageType"],
    &["UseLatestRestorableTime", "useLatestRestorableTime"],
    &["VpcSecurityGroupIds", "vpcSecurityGroupIds"],
];

const CLUSTER_NAMING: Naming = Naming::New {
    key: "DBClusterIdentifier",
    rule: NameRule::Database,
};

static AURORA: Rules = Rules {
    noun: "DB cluster",
    keys: CLUSTER_KEYS,
    naming: CLUSTER_NAMING,
    into_existing: REFUSED,
    service: "rds",
    prefix: "cluster:",
};

static DOCUMENTDB: Rules = Rules {
    noun: "DocumentDB cluster",
    keys: CLUSTER_KEYS,
    naming: CLUSTER_NAMING,
    into_existing: REFUSED,
    service: "rds",
    prefix: "cluster:",
};

static NEPTUNE: Rules = Rules {
    noun: "Neptune cluster",
    keys: CLUSTER_KEYS,
    naming: CLUSTER_NAMING,
    into_existing: REFUSED,
    service: "rds",
    prefix: "cluster:",
};

/// Not a type of AWS Backup itself; the names are those of `CreateCluster` and `DescribeClusters`.
static MEMORYDB: Rules = Rules {
    noun: "MemoryDB cluster",
    keys: &[
        &["clusterName"],
        &["aclName"],
        &["engine"],
        &["engineVersion"],
        &["kmsKeyId"],
        &["nodeType"],
        &["numReplicasPerShard"],
        &["numShards"],
        &["parameterGroupName"],
        &["port"],
        &["securityGroupIds"],
        &["subnetGroupName"],
        &["tlsEnabled"],
    ],
    naming: Naming::New {
        key: "clusterName",
        rule: NameRule::MemoryDb,
    },
    into_existing: REFUSED,
    service: "memorydb",
    prefix: "cluster/",
};

/// Lustre, Windows and `OpenZFS` come back as a file system; ONTAP as a volume of a storage virtual
/// machine that exists.
static FSX: Rules = Rules {
    noun: "FSx file system",
    keys: &[
        &["fileSystemType"],
        &["fileSystemTypeVersion"],
        &["kmsKeyId"],
        &["lustreConfiguration"],
        &["name"],
        &["ontapConfiguration"],
        &["openZFSConfiguration", "openZfsConfiguration"],
        &["securityGroupIds"],
        &["storageCapacity"],
        &["storageType"],
        &["subnetIds"],
        &["vpcId"],
        &["windowsConfiguration"],
    ],
    naming: Naming::Inside {
        key: "ontapConfiguration",
        member: "storageVirtualMachineId",
        noun: "storage virtual machine",
    },
    into_existing: "it gets a new volume with the data",
    service: "fsx",
    prefix: "file-system/",
};

//! The table: one row for each call. What is derived from it, and what fails when a row is missing,
//! stands in `docs/decisions/0024-one-row-for-every-call.md`.
//!
//! The actions are those of AWS's Service Authorization Reference, with what AWS documents that a call
//! needs besides: "Using IAM with DynamoDB backup and restore", "DynamoDB encryption at rest: usage
//! notes", "Permissions validation for Application Auto Scaling API calls on target resources", and
//! "API permissions: actions, resources, and conditions reference" of AWS Backup.

use super::{
    call::rows,
    row::{Effect, Need, On, Row, When, need, need_when},
};
use tidemark_domain::Feature;

/// What DynamoDB fills a table that it restores with, as whoever restores it.
const FILL_TABLE: &[Need] = &[
    need("dynamodb:BatchWriteItem", On::NewTable),
    need("dynamodb:DeleteItem", On::NewTable),
    need("dynamodb:GetItem", On::NewTable),
    need("dynamodb:PutItem", On::NewTable),
    need("dynamodb:Query", On::NewTable),
    need("dynamodb:Scan", On::NewTable),
    need("dynamodb:UpdateItem", On::NewTable),
];

/// Reading or writing records of a table whose key is the account's own.
const KEY_OF_THE_TABLE: &[Need] = &[
    need_when("kms:Decrypt", On::TableKey, When::OwnKey),
    need_when("kms:DescribeKey", On::TableKey, When::OwnKey),
];

/// Having a table made under such a key.
const KEY_FOR_A_TABLE: &[Need] = &[
    need_when("kms:CreateGrant", On::TableKeyGrant, When::OwnKey),
    need_when("kms:Decrypt", On::TableKey, When::OwnKey),
    need_when("kms:DescribeKey", On::TableKey, When::OwnKey),
    need_when("kms:Encrypt", On::TableKey, When::OwnKey),
    need_when("kms:GenerateDataKey", On::TableKey, When::OwnKey),
    need_when(
        "kms:GenerateDataKeyWithoutPlaintext",
        On::TableKey,
        When::OwnKey,
    ),
    need_when("kms:ReEncryptFrom", On::TableKey, When::OwnKey),
    need_when("kms:ReEncryptTo", On::TableKey, When::OwnKey),
];

/// Reading objects under such a key.
const KEY_TO_READ: &[Need] = &[need_when("kms:Decrypt", On::ObjectKey, When::OwnKey)];

/// Writing objects under such a key.
const KEY_TO_WRITE: &[Need] = &[
    need_when("kms:Decrypt", On::ObjectKey, When::OwnKey),
    need_when("kms:GenerateDataKey", On::ObjectKey, When::OwnKey),
];

/// The tags in what RDS lists.
const TAGS_OF_DATABASES: &[Need] = &[need("rds:ListTagsForResource", On::Any)];

/// What auto scaling tries as whoever gives it a table or a policy: alarms, under names that it only
/// makes up then.
const ALARMS: &[Need] = &[
    need("cloudwatch:DeleteAlarms", On::Any),
    need("cloudwatch:DescribeAlarms", On::Any),
    need("cloudwatch:PutMetricAlarm", On::Any),
];

rows! {
    // The catalogue.
    ListBackupVaults = "backup" "ListBackupVaults", Read, [Catalogue, Probe, Vaults],
        [need("backup:ListBackupVaults", On::Any)];
    GetBackupVaultAccessPolicy = "backup" "GetBackupVaultAccessPolicy", Read, [Catalogue, Vaults],
        [need("backup:GetBackupVaultAccessPolicy", On::Vault)];
    ListBackupJobs = "backup" "ListBackupJobs", Read, [Catalogue, Probe],
        [need("backup:ListBackupJobs", On::Any)];
    ListCopyJobs = "backup" "ListCopyJobs", Read, [Catalogue, Probe],
        [need("backup:ListCopyJobs", On::Any)];
    ListRestoreJobs = "backup" "ListRestoreJobs", Read, [Catalogue, Probe],
        [need("backup:ListRestoreJobs", On::Any)];
    ListProtectedResources = "backup" "ListProtectedResources", Read, [Catalogue],
        [need("backup:ListProtectedResources", On::Any)];
    ListRecoveryPointsByBackupVault = "backup" "ListRecoveryPointsByBackupVault", Read, [Catalogue],
        [need("backup:ListRecoveryPointsByBackupVault", On::Vault)];
    ListLegalHolds = "backup" "ListLegalHolds", Read, [Catalogue],
        [need("backup:ListLegalHolds", On::Any)];
    GetLegalHold = "backup" "GetLegalHold", Read, [Catalogue, Vaults],
        [need("backup:GetLegalHold", On::Any)];
    ListRecoveryPointsByLegalHold = "backup" "ListRecoveryPointsByLegalHold", Read, [Catalogue],
        [need("backup:ListRecoveryPointsByLegalHold", On::Any)];
    DescribeRegionSettings = "backup" "DescribeRegionSettings", Read, [Catalogue],
        [need("backup:DescribeRegionSettings", On::Any)];
    ListBackupPlans = "backup" "ListBackupPlans", Read, [Catalogue],
        [need("backup:ListBackupPlans", On::Any)];
    ListBackupPlanVersions = "backup" "ListBackupPlanVersions", Read, [Catalogue],
        [need("backup:ListBackupPlanVersions", On::Plan)];
    DynamoDbListTables = "dynamodb" "ListTables", Read, [Catalogue, Probe],
        [need("dynamodb:ListTables", On::Any)];
    DynamoDbListBackups = "dynamodb" "ListBackups", Read, [Catalogue, Probe],
        [need("dynamodb:ListBackups", On::Any)];
    ListBuckets = "s3" "ListBuckets", Read, [Catalogue, Probe],
        [need("s3:ListAllMyBuckets", On::Any)];
    GetBucketTagging = "s3" "GetBucketTagging", Read, [Catalogue],
        [need("s3:GetBucketTagging", On::AnyBucket)];
    GetBucketLocation = "s3" "GetBucketLocation", Read, [Catalogue, RestorePoint, Records, Buckets],
        [need("s3:GetBucketLocation", On::AnyBucket)];
    GetBucketVersioning = "s3" "GetBucketVersioning", Read, [Catalogue, Records, Buckets],
        [need("s3:GetBucketVersioning", On::AnyBucket)];
    DescribeVolumes = "ec2" "DescribeVolumes", Read, [Catalogue, Probe],
        [need("ec2:DescribeVolumes", On::Any)];
    DescribeInstances = "ec2" "DescribeInstances", Read, [Catalogue, Probe],
        [need("ec2:DescribeInstances", On::Any)];
    Ec2DescribeSnapshots = "ec2" "DescribeSnapshots", Read, [Catalogue, Probe],
        [need("ec2:DescribeSnapshots", On::Any)];
    DescribeDbInstances = "rds" "DescribeDBInstances", Read, [Catalogue, Probe],
        [need("rds:DescribeDBInstances", On::Any)] + TAGS_OF_DATABASES;
    DescribeDbClusters = "rds" "DescribeDBClusters", Read, [Catalogue, Probe],
        [need("rds:DescribeDBClusters", On::Any)] + TAGS_OF_DATABASES;
    DescribeDbInstanceAutomatedBackups = "rds" "DescribeDBInstanceAutomatedBackups", Read, [Catalogue],
        [need("rds:DescribeDBInstanceAutomatedBackups", On::Any)];
    DescribeDbSnapshots = "rds" "DescribeDBSnapshots", Read, [Catalogue, Probe],
        [need("rds:DescribeDBSnapshots", On::Any)] + TAGS_OF_DATABASES;
    DescribeDbClusterSnapshots = "rds" "DescribeDBClusterSnapshots", Read, [Catalogue, Probe],
        [need("rds:DescribeDBClusterSnapshots", On::Any)] + TAGS_OF_DATABASES;
    DescribeFileSystems = "elasticfilesystem" "DescribeFileSystems", Read, [Catalogue, Probe],
        [
            need("elasticfilesystem:DescribeFileSystems", On::Any),
            need("elasticfilesystem:ListTagsForResource", On::Any),
        ];
    MemoryDbDescribeClusters = "memorydb" "DescribeClusters", Read, [Catalogue, Probe],
        [need("memorydb:DescribeClusters", On::Any)];
    MemoryDbDescribeSnapshots = "memorydb" "DescribeSnapshots", Read, [Catalogue, Probe],
        [need("memorydb:DescribeSnapshots", On::Any)];
    MemoryDbListTags = "memorydb" "ListTags", Read, [Catalogue],
        [need("memorydb:ListTags", On::Any)];

    // What belongs to a table.
    DescribeTable = "dynamodb" "DescribeTable", Read,
        [Catalogue, RestoreTable, RestorePoint, RestoreRecords, PutBack, Records],
        [need("dynamodb:DescribeTable", On::Table)];
    DescribeContinuousBackups = "dynamodb" "DescribeContinuousBackups", Read,
        [Catalogue, RestoreTable, RestorePoint, RestoreRecords, PutBack, Records],
        [need("dynamodb:DescribeContinuousBackups", On::Table)];
    DescribeTimeToLive = "dynamodb" "DescribeTimeToLive", Read, [PutBack, RestoreRecords, Records],
        [need("dynamodb:DescribeTimeToLive", On::Table)];
    DynamoDbListTags = "dynamodb" "ListTagsOfResource", Read,
        [Catalogue, PutBack, RestoreRecords, Records],
        [need("dynamodb:ListTagsOfResource", On::Table)];
    DescribeScalableTargets = "application-autoscaling" "DescribeScalableTargets", Read,
        [PutBack, RestoreRecords, Records],
        [need("application-autoscaling:DescribeScalableTargets", On::Any)];
    DescribeScalingPolicies = "application-autoscaling" "DescribeScalingPolicies", Read,
        [PutBack, RestoreRecords, Records],
        [need("application-autoscaling:DescribeScalingPolicies", On::Any)];

    // Backups.
    StartBackupJob = "backup" "StartBackupJob", Write, [Backup],
        [
            need("backup:StartBackupJob", On::Vault),
            need("iam:PassRole", On::ServiceRole),
        ];
    // Not a call of its own: AWS Backup asks it of whoever starts the backup of a table.
    StartAwsBackupJob = "dynamodb" "StartAwsBackupJob", Write, [Backup],
        [need("dynamodb:StartAwsBackupJob", On::Table)];
    // Not a call of its own either: what tags on the new point take.
    TagNewPoint = "backup" "TagResource (on a new recovery point)", Write, [Backup],
        [need_when("backup:TagResource", On::RecoveryPoint, When::Tagged)];
    DescribeBackupJob = "backup" "DescribeBackupJob", Read, [Backup],
        [need("backup:DescribeBackupJob", On::Any)];
    StopBackupJob = "backup" "StopBackupJob", Write, [Backup],
        [need("backup:StopBackupJob", On::Any)];

    // Restores.
    RestoreTableToPointInTime = "dynamodb" "RestoreTableToPointInTime", Write, [RestoreTable],
        [
            need("dynamodb:RestoreTableToPointInTime", On::Table),
            need("dynamodb:RestoreTableToPointInTime", On::NewTable),
        ] + FILL_TABLE + KEY_FOR_A_TABLE;
    RestoreTableFromBackup = "dynamodb" "RestoreTableFromBackup", Write, [RestoreTable],
        [
            need("dynamodb:RestoreTableFromBackup", On::TableBackup),
            need("dynamodb:RestoreTableFromBackup", On::NewTable),
        ] + FILL_TABLE + KEY_FOR_A_TABLE;
    // Not a call of its own: AWS Backup asks it of whoever restores a table.
    RestoreTableFromAwsBackup = "dynamodb" "RestoreTableFromAwsBackup", Write, [RestorePoint],
        [
            need("dynamodb:RestoreTableFromAwsBackup", On::RecoveryPoint),
            need("dynamodb:RestoreTableFromAwsBackup", On::NewTable),
        ] + FILL_TABLE + KEY_FOR_A_TABLE;
    GetRecoveryPointRestoreMetadata = "backup" "GetRecoveryPointRestoreMetadata", Read, [RestorePoint],
        [need("backup:GetRecoveryPointRestoreMetadata", On::RecoveryPoint)];
    StartRestoreJob = "backup" "StartRestoreJob", Write, [RestorePoint],
        [
            need("backup:StartRestoreJob", On::RecoveryPoint),
            need("iam:PassRole", On::ServiceRole),
        ];
    DescribeRestoreJob = "backup" "DescribeRestoreJob", Read, [RestorePoint],
        [need("backup:DescribeRestoreJob", On::Any)];
    CreateTable = "dynamodb" "CreateTable", Write, [RestoreRecords],
        [
            need("dynamodb:CreateTable", On::Table),
        ] + KEY_FOR_A_TABLE;
    BatchWriteItem = "dynamodb" "BatchWriteItem", Write, [RestoreRecords],
        [need("dynamodb:BatchWriteItem", On::Table)] + KEY_OF_THE_TABLE;
    DeleteTable = "dynamodb" "DeleteTable", Write, [RestoreTable, RestorePoint, RestoreRecords],
        [need("dynamodb:DeleteTable", On::Table)];

    // Settings put back.
    UpdateTable = "dynamodb" "UpdateTable", Write, [PutBack, Records],
        [need("dynamodb:UpdateTable", On::Table)];
    UpdateTimeToLive = "dynamodb" "UpdateTimeToLive", Write, [PutBack],
        [need("dynamodb:UpdateTimeToLive", On::Table)];
    UpdateContinuousBackups = "dynamodb" "UpdateContinuousBackups", Write, [PutBack],
        [need("dynamodb:UpdateContinuousBackups", On::Table)];
    DynamoDbTagResource = "dynamodb" "TagResource", Write, [PutBack, RestoreRecords],
        [need("dynamodb:TagResource", On::Table)];
    DynamoDbUntagResource = "dynamodb" "UntagResource", Write, [RestoreRecords],
        [need("dynamodb:UntagResource", On::Table)];
    RegisterScalableTarget = "application-autoscaling" "RegisterScalableTarget", Write, [PutBack],
        [
            need("application-autoscaling:RegisterScalableTarget", On::Any),
            need("dynamodb:DescribeTable", On::NewTable),
            need("dynamodb:UpdateTable", On::NewTable),
            need_when("iam:CreateServiceLinkedRole", On::ScalingRole, When::FirstScaling),
        ] + ALARMS;
    PutScalingPolicy = "application-autoscaling" "PutScalingPolicy", Write, [PutBack],
        [need("application-autoscaling:PutScalingPolicy", On::Any)] + ALARMS;

    // Recovery points.
    DeleteRecoveryPoint = "backup" "DeleteRecoveryPoint", Write, [Points],
        [need("backup:DeleteRecoveryPoint", On::RecoveryPoint)];
    UpdateRecoveryPointLifecycle = "backup" "UpdateRecoveryPointLifecycle", Write, [Points],
        [need("backup:UpdateRecoveryPointLifecycle", On::RecoveryPoint)];

    // Copies of recovery points, and what they depend on.
    StartCopyJob = "backup" "StartCopyJob", Write, [CopyPoints],
        [
            need("backup:StartCopyJob", On::RecoveryPoint),
            need("iam:PassRole", On::ServiceRole),
        ];
    DescribeCopyJob = "backup" "DescribeCopyJob", Read, [CopyPoints],
        [need("backup:DescribeCopyJob", On::Any)];
    DescribeGlobalSettings = "backup" "DescribeGlobalSettings", Read, [CopyPoints],
        [need("backup:DescribeGlobalSettings", On::Any)];
    DescribeOrganization = "organizations" "DescribeOrganization", Read, [CopyPoints],
        [need("organizations:DescribeOrganization", On::Any)];
    DescribeKey = "kms" "DescribeKey", Read, [CopyPoints],
        [need("kms:DescribeKey", On::Key)];
    GetKeyPolicy = "kms" "GetKeyPolicy", Read, [CopyPoints],
        [need("kms:GetKeyPolicy", On::Key)];

    // Vaults made, locked and held.
    CreateBackupVault = "backup" "CreateBackupVault", Write, [Vaults],
        [
            need("backup:CreateBackupVault", On::Vault),
            need("backup-storage:MountCapsule", On::Any),
        ];
    // Not calls of their own: what tags and a customer managed key take in `CreateBackupVault`.
    TagNewVault = "backup" "TagResource (on a new vault)", Write, [Vaults],
        [need_when("backup:TagResource", On::Vault, When::Tagged)];
    EncryptNewVault = "backup" "CreateBackupVault (with a customer managed key)", Write, [Vaults],
        [
            need_when("kms:CreateGrant", On::VaultKey, When::OwnKey),
            need_when("kms:Decrypt", On::VaultKey, When::OwnKey),
            need_when("kms:DescribeKey", On::VaultKey, When::OwnKey),
            need_when("kms:GenerateDataKey", On::VaultKey, When::OwnKey),
            need_when("kms:RetireGrant", On::VaultKey, When::OwnKey),
        ];
    DeleteBackupVault = "backup" "DeleteBackupVault", Write, [Vaults],
        [need("backup:DeleteBackupVault", On::Vault)];
    PutBackupVaultAccessPolicy = "backup" "PutBackupVaultAccessPolicy", Write, [Vaults],
        [need("backup:PutBackupVaultAccessPolicy", On::Vault)];
    DeleteBackupVaultAccessPolicy = "backup" "DeleteBackupVaultAccessPolicy", Write, [Vaults],
        [need("backup:DeleteBackupVaultAccessPolicy", On::Vault)];
    PutBackupVaultLockConfiguration = "backup" "PutBackupVaultLockConfiguration", Write, [Vaults],
        [need("backup:PutBackupVaultLockConfiguration", On::Vault)];
    DeleteBackupVaultLockConfiguration = "backup" "DeleteBackupVaultLockConfiguration", Write, [Vaults],
        [need("backup:DeleteBackupVaultLockConfiguration", On::Vault)];
    CreateLegalHold = "backup" "CreateLegalHold", Write, [Vaults],
        [need("backup:CreateLegalHold", On::Any)];
    CancelLegalHold = "backup" "CancelLegalHold", Write, [Vaults],
        [need("backup:CancelLegalHold", On::LegalHold)];

    // Backup plans.
    GetBackupPlan = "backup" "GetBackupPlan", Read, [Catalogue, Plans],
        [need("backup:GetBackupPlan", On::Plan)];
    ListBackupSelections = "backup" "ListBackupSelections", Read, [Catalogue, Plans],
        [need("backup:ListBackupSelections", On::Plan)];
    GetBackupSelection = "backup" "GetBackupSelection", Read, [Catalogue, Plans],
        [need("backup:GetBackupSelection", On::Plan)];
    BackupListTags = "backup" "ListTags", Read, [Catalogue, Plans],
        [need("backup:ListTags", On::Plan)];
    CreateBackupPlan = "backup" "CreateBackupPlan", Write, [Plans],
        [need("backup:CreateBackupPlan", On::Plan)];
    UpdateBackupPlan = "backup" "UpdateBackupPlan", Write, [Plans],
        [need("backup:UpdateBackupPlan", On::Plan)];
    DeleteBackupPlan = "backup" "DeleteBackupPlan", Write, [Plans],
        [need("backup:DeleteBackupPlan", On::Plan)];
    CreateBackupSelection = "backup" "CreateBackupSelection", Write, [Plans],
        [
            need("backup:CreateBackupSelection", On::Plan),
            need("iam:PassRole", On::ServiceRole),
        ];
    DeleteBackupSelection = "backup" "DeleteBackupSelection", Write, [Plans],
        [need("backup:DeleteBackupSelection", On::Plan)];
    BackupTagResource = "backup" "TagResource", Write, [Plans],
        [need("backup:TagResource", On::Plan)];
    BackupUntagResource = "backup" "UntagResource", Write, [Plans],
        [need("backup:UntagResource", On::Plan)];

    // Record-level backups: the table and its stream.
    Scan = "dynamodb" "Scan", Read, [Records],
        [need("dynamodb:Scan", On::Table)] + KEY_OF_THE_TABLE;
    GetItem = "dynamodb" "GetItem", Read, [Records],
        [need("dynamodb:GetItem", On::Table)] + KEY_OF_THE_TABLE;
    PutItem = "dynamodb" "PutItem", Write, [Records],
        [need("dynamodb:PutItem", On::Table)] + KEY_OF_THE_TABLE;
    DeleteItem = "dynamodb" "DeleteItem", Write, [Records],
        [need("dynamodb:DeleteItem", On::Table)] + KEY_OF_THE_TABLE;
    DescribeStream = "dynamodb" "DescribeStream", Read, [Records],
        [need("dynamodb:DescribeStream", On::Stream)];
    GetRecords = "dynamodb" "GetRecords", Read, [Records],
        [need("dynamodb:GetRecords", On::Stream)] + KEY_OF_THE_TABLE;
    GetShardIterator = "dynamodb" "GetShardIterator", Read, [Records],
        [need("dynamodb:GetShardIterator", On::Stream)];

    // Record-level backups: the bucket.
    CreateBucket = "s3" "CreateBucket", Write, [Records],
        [need("s3:CreateBucket", On::Bucket)];
    GetObjectLockConfiguration = "s3" "GetObjectLockConfiguration", Read, [Records, Buckets, Access],
        [
            need("s3:GetBucketObjectLockConfiguration", On::Bucket),
            need("s3:GetBucketObjectLockConfiguration", On::AnyBucket),
            need("s3:GetBucketObjectLockConfiguration", On::SharedBucket),
        ];
    GetBucketEncryption = "s3" "GetBucketEncryption", Read, [Records, Buckets],
        [need("s3:GetEncryptionConfiguration", On::Bucket), need("s3:GetEncryptionConfiguration", On::AnyBucket)];
    GetPublicAccessBlock = "s3" "GetPublicAccessBlock", Read, [Records, Buckets],
        [need("s3:GetBucketPublicAccessBlock", On::Bucket), need("s3:GetBucketPublicAccessBlock", On::AnyBucket)];
    GetBucketPolicy = "s3" "GetBucketPolicy", Read, [Records, Access],
        [need("s3:GetBucketPolicy", On::Bucket), need("s3:GetBucketPolicy", On::SharedBucket)];
    PutObjectLockConfiguration = "s3" "PutObjectLockConfiguration", Write, [Records],
        [need("s3:PutBucketObjectLockConfiguration", On::Bucket)];
    PutBucketVersioning = "s3" "PutBucketVersioning", Write, [Records, Buckets],
        [need("s3:PutBucketVersioning", On::Bucket), need("s3:PutBucketVersioning", On::BackupBucket)];
    PutBucketEncryption = "s3" "PutBucketEncryption", Write, [Records],
        [need("s3:PutEncryptionConfiguration", On::Bucket)];
    PutPublicAccessBlock = "s3" "PutPublicAccessBlock", Write, [Records, Buckets],
        [need("s3:PutBucketPublicAccessBlock", On::Bucket), need("s3:PutBucketPublicAccessBlock", On::BackupBucket)];
    PutBucketPolicy = "s3" "PutBucketPolicy", Write, [Records, Access],
        [need("s3:PutBucketPolicy", On::Bucket), need("s3:PutBucketPolicy", On::SharedBucket)];
    // Copies of what lies in such buckets. `CopyObject` reads the source and writes the destination; what it takes besides,
    // for tags, retention and legal holds, are actions of other calls ("CopyObject", S3's API reference).
    GetObjectTagging = "s3" "GetObjectTagging", Read, [CopyObjects],
        [need("s3:GetObjectTagging", On::BackupObjects)];
    PutObjectTagging = "s3" "PutObjectTagging", Write, [CopyObjects],
        [need("s3:PutObjectTagging", On::BackupObjects)];
    GetObjectRetention = "s3" "GetObjectRetention", Read, [CopyObjects],
        [need("s3:GetObjectRetention", On::BackupObjects)];
    GetObjectLegalHold = "s3" "GetObjectLegalHold", Read, [CopyObjects],
        [need("s3:GetObjectLegalHold", On::BackupObjects)];
    PutObjectRetention = "s3" "PutObjectRetention", Write, [CopyObjects],
        [need("s3:PutObjectRetention", On::BackupObjects)];
    PutObjectLegalHold = "s3" "PutObjectLegalHold", Write, [CopyObjects],
        [need("s3:PutObjectLegalHold", On::BackupObjects)];
    // A dump's manifest is written by `PutObject`, which is the same action on the same objects as the upload of the dump: its
    // own row does not name dumps, so that a role for records alone can write no backups.
    CreateMultipartUpload = "s3" "CreateMultipartUpload", Write, [CopyObjects, Dumps],
        [need("s3:PutObject", On::BackupObjects)] + KEY_TO_WRITE;
    UploadPart = "s3" "UploadPart", Write, [Dumps],
        [need("s3:PutObject", On::BackupObjects)] + KEY_TO_WRITE;
    UploadPartCopy = "s3" "UploadPartCopy", Write, [CopyObjects],
        [need("s3:GetObject", On::BackupObjects), need("s3:PutObject", On::BackupObjects)] + KEY_TO_WRITE;
    CompleteMultipartUpload = "s3" "CompleteMultipartUpload", Write, [CopyObjects, Dumps],
        [need("s3:PutObject", On::BackupObjects)] + KEY_TO_WRITE;
    AbortMultipartUpload = "s3" "AbortMultipartUpload", Write, [CopyObjects, Dumps],
        [need("s3:AbortMultipartUpload", On::BackupObjects)];
    ListMultipartUploads = "s3" "ListMultipartUploads", Read, [Dumps],
        [need("s3:ListBucketMultipartUploads", On::BackupBucket)];
    // Buckets that others write their backups to.
    GetBucketLifecycleConfiguration = "s3" "GetBucketLifecycleConfiguration", Read, [Buckets],
        [need("s3:GetLifecycleConfiguration", On::AnyBucket)];
    GetBucketReplication = "s3" "GetBucketReplication", Read, [Buckets],
        [need("s3:GetReplicationConfiguration", On::AnyBucket)];
    PutBucketLifecycleConfiguration = "s3" "PutBucketLifecycleConfiguration", Write, [Buckets],
        [need("s3:PutLifecycleConfiguration", On::BackupBucket)];
    DeleteBucketLifecycle = "s3" "DeleteBucketLifecycle", Write, [Buckets],
        [need("s3:PutLifecycleConfiguration", On::BackupBucket)];
    // Without the right to list, S3 says of an object that is not there that it is denied.
    ListObjectsV2 = "s3" "ListObjectsV2", Read, [Records, RestoreRecords, Buckets, CopyObjects, Dumps],
        [need("s3:ListBucket", On::Bucket), need("s3:ListBucket", On::BackupBucket)];
    ListObjectVersions = "s3" "ListObjectVersions", Read, [Records, RestoreRecords, Buckets, Access],
        [
            need("s3:ListBucketVersions", On::Bucket),
            need("s3:ListBucketVersions", On::BackupBucket),
            need("s3:ListBucketVersions", On::ProofList),
        ];
    GetObject = "s3" "GetObject", Read, [Records, RestoreRecords, Buckets, Dumps],
        [need("s3:GetObject", On::Objects), need("s3:GetObject", On::BackupObjects)] + KEY_TO_READ;
    // Not a call of its own: what naming a version in `GetObject` and `HeadObject` takes.
    GetObjectVersion = "s3" "GetObject (of a version)", Read, [Records, RestoreRecords],
        [need("s3:GetObjectVersion", On::Objects)] + KEY_TO_READ;
    HeadObject = "s3" "HeadObject", Read, [Records, RestoreRecords, CopyObjects, Dumps],
        [need("s3:GetObject", On::Objects), need("s3:GetObject", On::BackupObjects)] + KEY_TO_READ;
    PutObject = "s3" "PutObject", Write, [Records, RestoreRecords],
        [need("s3:PutObject", On::Objects)] + KEY_TO_WRITE;
    CopyObject = "s3" "CopyObject", Write, [Records],
        [
            need("s3:GetObject", On::Objects),
            need("s3:GetObjectVersion", On::Objects),
            need("s3:PutObject", On::Objects),
        ] + KEY_TO_WRITE;
    DeleteObject = "s3" "DeleteObject", Write, [Records, Access],
        [need("s3:DeleteObject", On::Objects), need("s3:DeleteObject", On::ProofObjects)];

    // Who else may use a bucket.
    DeleteBucketPolicy = "s3" "DeleteBucketPolicy", Write, [Access],
        [need("s3:DeleteBucketPolicy", On::SharedBucket)];
    // Not a call of its own: what naming a version in `DeleteObject` takes.
    DeleteObjectVersion = "s3" "DeleteObject (of a version)", Write, [Access],
        [need("s3:DeleteObjectVersion", On::ProofObjects)];
    ListStacks = "cloudformation" "ListStacks", Read, [Access],
        [need("cloudformation:ListStacks", On::Any)];
    ListStackResources = "cloudformation" "ListStackResources", Read, [Access],
        [need("cloudformation:ListStackResources", On::Stack)];
    // Not a call of its own: `AssumeRole` as the access role.
    AssumeProvedRole = "sts" "AssumeRole (of a role whose access is proved)", Read, [Access],
        [need("sts:AssumeRole", On::ProvedRole)];

    // The command line, with the credentials of whoever runs it.
    ExportTableToPointInTime = "dynamodb" "ExportTableToPointInTime", Write, [CommandLine],
        [
            need("dynamodb:ExportTableToPointInTime", On::Table),
            need("s3:AbortMultipartUpload", On::Objects),
            need("s3:PutObject", On::Objects),
            need("s3:PutObjectAcl", On::Objects),
        ];
    DescribeExport = "dynamodb" "DescribeExport", Read, [CommandLine],
        [need("dynamodb:DescribeExport", On::Table)];
    ImportTable = "dynamodb" "ImportTable", Write, [CommandLine],
        [
            need("dynamodb:ImportTable", On::Table),
            need("s3:GetObject", On::Objects),
            need("s3:ListBucket", On::Bucket),
        ];
    DescribeImport = "dynamodb" "DescribeImport", Read, [CommandLine],
        [need("dynamodb:DescribeImport", On::Table)];

    // The way in.
    GetCallerIdentity = "sts" "GetCallerIdentity", Read, [Console], [];
    AssumeRole = "sts" "AssumeRole", Read, [Console],
        [need("sts:AssumeRole", On::Role), need("sts:SetSourceIdentity", On::Role)];
    GetRole = "iam" "GetRole", Read, [Diagnosis, Access], [need("iam:GetRole", On::Role)];
    SimulatePrincipalPolicy = "iam" "SimulatePrincipalPolicy", Read, [Checks, Access],
        [need("iam:SimulatePrincipalPolicy", On::Role)];
}

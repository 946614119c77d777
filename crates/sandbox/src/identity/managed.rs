use awsim_iam_policy::PolicyDocument;

/// The policies that AWS manages, as far as backups need them, cut to the actions the sandbox knows.
pub(super) fn document(arn: &str) -> Option<PolicyDocument> {
    let name = arn.split(":iam::aws:policy/").nth(1)?;
    let actions: &[&str] = match name {
        "AdministratorAccess" => &["*"],
        "ReadOnlyAccess" => &["*:Get*", "*:List*", "*:Describe*", "s3:Head*"],
        "AWSBackupFullAccess" => &[
            "backup:*",
            "iam:PassRole",
            "iam:ListRoles",
            "*:Describe*",
            "*:List*",
        ],
        "service-role/AWSBackupServiceRolePolicyForBackup" => BACKUP,
        "service-role/AWSBackupServiceRolePolicyForRestores" => RESTORE,
        "AWSBackupServiceRolePolicyForS3Backup" | "AWSBackupServiceRolePolicyForS3Restore" => {
            &["s3:*"]
        }
        "AmazonDynamoDBFullAccess" => &["dynamodb:*"],
        "AmazonDynamoDBReadOnlyAccess" => &[
            "dynamodb:Get*",
            "dynamodb:List*",
            "dynamodb:Describe*",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:BatchGetItem",
        ],
        "AmazonS3FullAccess" => &["s3:*"],
        "AmazonS3ReadOnlyAccess" => &["s3:Get*", "s3:List*"],
        "IAMReadOnlyAccess" => &["iam:Get*", "iam:List*", "iam:Simulate*"],
        _ => return None,
    };
    let json = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}],
    });
    awsim_iam_policy::parse(&json.to_string()).ok()
}

const BACKUP: &[&str] = &[
    "backup:*",
    "dynamodb:CreateBackup",
    "dynamodb:DescribeBackup",
    "dynamodb:DescribeTable",
    "dynamodb:ListTagsOfResource",
    "dynamodb:StartAwsBackupJob",
    "ec2:CreateSnapshot*",
    "ec2:CreateTags",
    "ec2:Describe*",
    "elasticfilesystem:Backup",
    "elasticfilesystem:Describe*",
    "memorydb:Describe*",
    "rds:CreateDBSnapshot",
    "rds:Describe*",
    "rds:ListTagsForResource",
    "tag:GetResources",
];

const RESTORE: &[&str] = &[
    "backup:*",
    "dynamodb:*Item",
    "dynamodb:DescribeTable",
    "dynamodb:Query",
    "dynamodb:RestoreTableFromBackup",
    "dynamodb:Scan",
    "ec2:CreateTags",
    "ec2:CreateVolume",
    "ec2:Describe*",
    "ec2:RunInstances",
    "elasticfilesystem:*",
    "iam:PassRole",
    "rds:CreateDBInstance",
    "rds:Describe*",
    "rds:RestoreDBInstance*",
];

use super::{Kind, Member, Shape};

/// `BackupPlanInput`.
pub(crate) static PLAN: Shape = Shape {
    what: "a plan",
    members: &[
        Member::new("BackupPlanName", "BackupPlanName", "name", Kind::Text).required(),
        Member::new("Rules", "BackupPlanRule", "rule", Kind::List(&RULE)).required(),
        Member::new(
            "AdvancedBackupSettings",
            "AdvancedBackupSettings",
            "advanced_backup_setting",
            Kind::List(&ADVANCED_SETTING),
        ),
        Member::new(
            "ScanSettings",
            "ScanSettings",
            "scan_setting",
            Kind::List(&SCAN_SETTING),
        ),
    ],
};

/// `BackupRuleInput`, and what `BackupRule` has beyond it.
pub(crate) static RULE: Shape = Shape {
    what: "a rule",
    members: &[
        Member::new("RuleName", "RuleName", "rule_name", Kind::Text).required(),
        Member::new(
            "TargetBackupVaultName",
            "TargetBackupVault",
            "target_vault_name",
            Kind::Text,
        )
        .required(),
        Member::new(
            "TargetLogicallyAirGappedBackupVaultArn",
            "TargetLogicallyAirGappedBackupVaultArn",
            "target_logically_air_gapped_backup_vault_arn",
            Kind::Text,
        ),
        Member::new(
            "ScheduleExpression",
            "ScheduleExpression",
            "schedule",
            Kind::Text,
        ),
        Member::new(
            "ScheduleExpressionTimezone",
            "ScheduleExpressionTimezone",
            "schedule_expression_timezone",
            Kind::Text,
        ),
        Member::new(
            "StartWindowMinutes",
            "StartWindowMinutes",
            "start_window",
            Kind::Whole,
        ),
        Member::new(
            "CompletionWindowMinutes",
            "CompletionWindowMinutes",
            "completion_window",
            Kind::Whole,
        ),
        Member::new(
            "EnableContinuousBackup",
            "EnableContinuousBackup",
            "enable_continuous_backup",
            Kind::Flag,
        ),
        Member::new(
            "RecoveryPointTags",
            "RecoveryPointTags",
            "recovery_point_tags",
            Kind::TextMap,
        ),
        Member::new(
            "Lifecycle",
            "Lifecycle",
            "lifecycle",
            Kind::Object(&LIFECYCLE),
        ),
        Member::new(
            "CopyActions",
            "CopyActions",
            "copy_action",
            Kind::List(&COPY),
        ),
        Member::new(
            "IndexActions",
            "IndexActions",
            "",
            Kind::List(&INDEX_ACTION),
        )
        .without_terraform(),
        Member::new(
            "ScanActions",
            "ScanActions",
            "scan_action",
            Kind::List(&SCAN_ACTION),
        ),
        Member::new("RuleId", "", "", Kind::Text)
            .only_in_the_api()
            .given_by_aws(),
    ],
};

/// `Lifecycle`.
pub(crate) static LIFECYCLE: Shape = Shape {
    what: "a lifecycle",
    members: &[
        Member::new(
            "MoveToColdStorageAfterDays",
            "MoveToColdStorageAfterDays",
            "cold_storage_after",
            Kind::Whole,
        ),
        Member::new(
            "DeleteAfterDays",
            "DeleteAfterDays",
            "delete_after",
            Kind::Whole,
        ),
        Member::new(
            "OptInToArchiveForSupportedResources",
            "OptInToArchiveForSupportedResources",
            "opt_in_to_archive_for_supported_resources",
            Kind::Flag,
        ),
        Member::new("DeleteAfterEvent", "", "", Kind::Text).only_in_the_api(),
    ],
};

/// `CopyAction`.
pub(crate) static COPY: Shape = Shape {
    what: "a copy",
    members: &[
        Member::new(
            "DestinationBackupVaultArn",
            "DestinationBackupVaultArn",
            "destination_vault_arn",
            Kind::Text,
        )
        .required(),
        Member::new(
            "Lifecycle",
            "Lifecycle",
            "lifecycle",
            Kind::Object(&LIFECYCLE),
        ),
    ],
};

/// `IndexAction`.
static INDEX_ACTION: Shape = Shape {
    what: "an index action",
    members: &[Member::new("ResourceTypes", "ResourceTypes", "", Kind::Texts).without_terraform()],
};

/// `ScanAction`.
static SCAN_ACTION: Shape = Shape {
    what: "a scan action",
    members: &[
        Member::new(
            "MalwareScanner",
            "MalwareScanner",
            "malware_scanner",
            Kind::Text,
        ),
        Member::new("ScanMode", "ScanMode", "scan_mode", Kind::Text),
    ],
};

/// `ScanSetting`.
static SCAN_SETTING: Shape = Shape {
    what: "a scan setting",
    members: &[
        Member::new(
            "MalwareScanner",
            "MalwareScanner",
            "malware_scanner",
            Kind::Text,
        ),
        Member::new(
            "ResourceTypes",
            "ResourceTypes",
            "resource_types",
            Kind::Texts,
        ),
        Member::new(
            "ScannerRoleArn",
            "ScannerRoleArn",
            "scanner_role_arn",
            Kind::Text,
        ),
    ],
};

/// `AdvancedBackupSetting`.
static ADVANCED_SETTING: Shape = Shape {
    what: "an advanced setting",
    members: &[
        Member::new("ResourceType", "ResourceType", "resource_type", Kind::Text),
        Member::new(
            "BackupOptions",
            "BackupOptions",
            "backup_options",
            Kind::TextMap,
        ),
    ],
};

use std::collections::HashMap;

use async_trait::async_trait;
use awsim_core::{
    AwsError, ContextValue, IamCheck, Protocol, RequestContext, RouteDefinition, ServiceHandler,
};
use serde_json::Value;
use tracing::debug;

use crate::{
    clock::SimClock,
    engine::BackupEngine,
    model::Scope,
    operations::OPERATIONS,
    wire::{Call, Operation, Target},
};

/// AWS Backup's wire protocol (restJson1) over a [`BackupEngine`].
pub struct BackupService {
    engine: BackupEngine,
    clock: SimClock,
}

impl BackupService {
    /// The service over `engine`; requests happen at the moment that `clock` shows.
    pub fn new(engine: BackupEngine, clock: SimClock) -> Self {
        Self { engine, clock }
    }
}

fn operation(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

fn scope(context: &RequestContext) -> Scope {
    Scope::new(&context.account_id, &context.region)
}

/// The ARN that IAM policies name for what a request acts on.
fn resource_arn(target: Target, input: &Value, scope: &Scope) -> String {
    let text = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or("*");
    match target {
        Target::Account => "*".to_owned(),
        Target::Vault => scope.backup_arn(&format!("backup-vault:{}", text("backupVaultName"))),
        Target::VaultInBody => {
            scope.backup_arn(&format!("backup-vault:{}", text("BackupVaultName")))
        }
        Target::Point => text("recoveryPointArn").to_owned(),
        Target::PointInBody => text("RecoveryPointArn").to_owned(),
        Target::Plan => scope.backup_arn(&format!("backup-plan:{}", text("backupPlanId"))),
        Target::LegalHold => scope.backup_arn(&format!("legal-hold:{}", text("legalHoldId"))),
        Target::Tagged => text("resourceArn").to_owned(),
    }
}

/// What AWS Backup asks of whoever creates a vault, besides ("API permissions: actions, resources, and conditions
/// reference"). The policy of AWS's own key allows its use to everybody of the account by way of AWS Backup.
fn new_vault(input: &Value, context: &RequestContext) -> Vec<IamCheck> {
    let mut checks = vec![IamCheck::new("backup-storage:MountCapsule", "*")];
    if let Some(key) = input.get("EncryptionKeyArn").and_then(Value::as_str) {
        let by_way_of = format!("backup.{}.amazonaws.com", context.region);
        for action in [
            "CreateGrant",
            "Decrypt",
            "DescribeKey",
            "GenerateDataKey",
            "RetireGrant",
        ] {
            checks.push(IamCheck {
                action: format!("kms:{action}"),
                resource: key.to_owned(),
                context: HashMap::from([(
                    "kms:ViaService".to_owned(),
                    ContextValue::String(by_way_of.clone()),
                )]),
            });
        }
    }
    checks
}

#[async_trait]
impl ServiceHandler for BackupService {
    fn service_name(&self) -> &'static str {
        "backup"
    }

    fn signing_name(&self) -> &'static str {
        "backup"
    }

    fn protocol(&self) -> Protocol {
        Protocol::RestJson1
    }

    fn routes(&self) -> Vec<RouteDefinition> {
        // The router prefers no path over another, so lists come before the items beside them.
        OPERATIONS
            .iter()
            .flat_map(|operation| {
                operation.paths.iter().map(|path| RouteDefinition {
                    method: operation.method,
                    path_pattern: path,
                    operation: operation.name,
                    required_query_param: None,
                })
            })
            .collect()
    }

    async fn handle(
        &self,
        operation_name: &str,
        input: Value,
        context: &RequestContext,
    ) -> Result<Value, AwsError> {
        debug!(operation = operation_name, "AWS Backup request.");
        let operation =
            operation(operation_name).ok_or_else(|| AwsError::unknown_operation(operation_name))?;
        let call = Call {
            engine: &self.engine,
            scope: scope(context),
            now: self.clock.now(),
            input: &input,
        };
        let mut output = (operation.run)(&call)?;
        if operation.status != 200
            && let Value::Object(members) = &mut output
        {
            members.insert("__status_code".to_owned(), operation.status.into());
        }
        Ok(output)
    }

    fn iam_action(&self, operation_name: &str) -> Option<String> {
        operation(operation_name).map(|operation| format!("backup:{}", operation.name))
    }

    fn iam_resource(
        &self,
        operation_name: &str,
        input: &Value,
        context: &RequestContext,
    ) -> Option<String> {
        operation(operation_name)
            .map(|operation| resource_arn(operation.target, input, &scope(context)))
    }

    fn iam_checks_with_context(
        &self,
        operation_name: &str,
        input: &Value,
        context: &RequestContext,
    ) -> Vec<IamCheck> {
        let Some(operation) = operation(operation_name) else {
            return Vec::new();
        };
        let mut checks = vec![IamCheck::new(
            format!("backup:{}", operation.name),
            resource_arn(operation.target, input, &scope(context)),
        )];
        if operation.name == "CreateBackupVault" {
            checks.extend(new_vault(input, context));
        }
        // Whoever hands a role to the service needs iam:PassRole on it.
        let role = input
            .get("IamRoleArn")
            .or_else(|| input.pointer("/BackupSelection/IamRoleArn"))
            .and_then(Value::as_str);
        if let Some(role) = role {
            checks.push(IamCheck {
                action: "iam:PassRole".to_owned(),
                resource: role.to_owned(),
                context: HashMap::from([(
                    "iam:PassedToService".to_owned(),
                    ContextValue::String("backup.amazonaws.com".to_owned()),
                )]),
            });
        }
        checks
    }
}

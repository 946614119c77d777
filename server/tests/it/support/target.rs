//! An account of the simulated AWS, set up as CloudFormation would set it up from the template.

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::types as dynamo;
use serde_json::Value;

pub(crate) struct TargetAccount {
    pub(crate) id: String,
    iam: aws_sdk_iam::Client,
    pub(crate) backup: aws_sdk_backup::Client,
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
}

impl TargetAccount {
    /// Its root, at the simulated AWS.
    pub(crate) fn root(endpoint: &str, id: &str) -> Self {
        let root = Credentials::new(id, "root", None, None, "test");
        let iam = aws_sdk_iam::Config::builder()
            .behavior_version(aws_sdk_iam::config::BehaviorVersion::latest())
            .region(aws_sdk_iam::config::Region::new("eu-west-1"))
            .credentials_provider(root.clone())
            .endpoint_url(endpoint)
            .build();
        let backup = aws_sdk_backup::Config::builder()
            .behavior_version(aws_sdk_backup::config::BehaviorVersion::latest())
            .region(aws_sdk_backup::config::Region::new("eu-west-1"))
            .credentials_provider(root.clone())
            .endpoint_url(endpoint)
            .build();
        let dynamodb = aws_sdk_dynamodb::Config::builder()
            .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
            .region(aws_sdk_dynamodb::config::Region::new("eu-west-1"))
            .credentials_provider(root)
            .endpoint_url(endpoint)
            .build();
        Self {
            id: id.to_owned(),
            iam: aws_sdk_iam::Client::from_conf(iam),
            backup: aws_sdk_backup::Client::from_conf(backup),
            dynamodb: aws_sdk_dynamodb::Client::from_conf(dynamodb),
        }
    }

    /// Makes the roles of the console's template.
    pub(crate) async fn deploy(&self, template: &str) {
        let template = template
            .replace("${AWS::Partition}", "aws")
            .replace("${AWS::AccountId}", &self.id);
        let template: Value = serde_json::from_str(&template).unwrap();
        let template = resolve(template.clone(), &template["Mappings"], &self.id);
        for resource in template["Resources"].as_object().unwrap().values() {
            assert_eq!(resource["Type"], "AWS::IAM::Role");
            let role = &resource["Properties"];
            let name = role["RoleName"].as_str().unwrap();
            self.iam
                .create_role()
                .role_name(name)
                .assume_role_policy_document(role["AssumeRolePolicyDocument"].to_string())
                .send()
                .await
                .unwrap();
            for policy in role["Policies"].as_array().unwrap() {
                self.iam
                    .put_role_policy()
                    .role_name(name)
                    .policy_name(policy["PolicyName"].as_str().unwrap())
                    .policy_document(policy["PolicyDocument"].to_string())
                    .send()
                    .await
                    .unwrap();
            }
        }
    }

    /// Replaces an inline policy of a role; without a document it is deleted.
    pub(crate) async fn put_policy(&self, role: &str, name: &str, document: Option<&Value>) {
        let Some(document) = document else {
            let delete = self.iam.delete_role_policy().role_name(role);
            delete.policy_name(name).send().await.unwrap();
            return;
        };
        let put = self.iam.put_role_policy().role_name(role).policy_name(name);
        put.policy_document(document.to_string())
            .send()
            .await
            .unwrap();
    }

    /// An inline policy of a role.
    pub(crate) async fn policy(&self, role: &str, name: &str) -> Value {
        let got = self.iam.get_role_policy().role_name(role).policy_name(name);
        let got = got.send().await.unwrap();
        let text = percent_encoding::percent_decode_str(got.policy_document())
            .decode_utf8()
            .unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// Bounds a role by a policy of this document.
    pub(crate) async fn bound(&self, role: &str, name: &str, document: &Value) {
        let made = self.iam.create_policy().policy_name(name);
        let made = made.policy_document(document.to_string()).send().await;
        let arn = made.unwrap().policy().unwrap().arn().unwrap().to_owned();
        let put = self.iam.put_role_permissions_boundary().role_name(role);
        put.permissions_boundary(arn).send().await.unwrap();
    }

    /// Replaces a role's trust policy.
    pub(crate) async fn trust(&self, role: &str, document: &Value) {
        let update = self.iam.update_assume_role_policy().role_name(role);
        update
            .policy_document(document.to_string())
            .send()
            .await
            .unwrap();
    }

    /// A backup plan that keeps its points in the vault for a week.
    pub(crate) async fn weekly_plan(&self, vault: &str) {
        use aws_sdk_backup::types::{BackupPlanInput, BackupRuleInput, Lifecycle};
        let rule = BackupRuleInput::builder()
            .rule_name("short")
            .target_backup_vault_name(vault)
            .lifecycle(Lifecycle::builder().delete_after_days(7).build())
            .build();
        let plan = BackupPlanInput::builder()
            .backup_plan_name("weekly")
            .rules(rule.unwrap())
            .build();
        let made = self.backup.create_backup_plan().backup_plan(plan.unwrap());
        made.send().await.unwrap();
    }

    /// A vault, and the role that AWS Backup assumes by default.
    pub(crate) async fn vault_and_role(&self, vault: &str) {
        self.backup
            .create_backup_vault()
            .backup_vault_name(vault)
            .send()
            .await
            .unwrap();
        let trust = serde_json::json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow",
            "Principal": {"Service": "backup.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }]});
        let name = "AWSBackupDefaultServiceRole";
        self.iam
            .create_role()
            .path("/service-role/")
            .role_name(name)
            .assume_role_policy_document(trust.to_string())
            .send()
            .await
            .unwrap();
        self.iam
            .attach_role_policy()
            .role_name(name)
            .policy_arn("arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup")
            .send()
            .await
            .unwrap();
    }

    /// A table with items, a stream, time to live, tags and point-in-time recovery.
    pub(crate) async fn table(&self, name: &str, items: usize) {
        self.dynamodb
            .create_table()
            .table_name(name)
            .billing_mode(dynamo::BillingMode::PayPerRequest)
            .attribute_definitions(
                dynamo::AttributeDefinition::builder()
                    .attribute_name("id")
                    .attribute_type(dynamo::ScalarAttributeType::S)
                    .build()
                    .unwrap(),
            )
            .key_schema(
                dynamo::KeySchemaElement::builder()
                    .attribute_name("id")
                    .key_type(dynamo::KeyType::Hash)
                    .build()
                    .unwrap(),
            )
            .stream_specification(
                dynamo::StreamSpecification::builder()
                    .stream_enabled(true)
                    .stream_view_type(dynamo::StreamViewType::NewAndOldImages)
                    .build()
                    .unwrap(),
            )
            .tags(
                dynamo::Tag::builder()
                    .key("team")
                    .value("orders")
                    .build()
                    .unwrap(),
            )
            .send()
            .await
            .unwrap();
        self.dynamodb
            .update_continuous_backups()
            .table_name(name)
            .point_in_time_recovery_specification(
                dynamo::PointInTimeRecoverySpecification::builder()
                    .point_in_time_recovery_enabled(true)
                    .build()
                    .unwrap(),
            )
            .send()
            .await
            .unwrap();
        self.dynamodb
            .update_time_to_live()
            .table_name(name)
            .time_to_live_specification(
                dynamo::TimeToLiveSpecification::builder()
                    .attribute_name("expires_at")
                    .enabled(true)
                    .build()
                    .unwrap(),
            )
            .send()
            .await
            .unwrap();
        for n in 0..items {
            self.dynamodb
                .put_item()
                .table_name(name)
                .item("id", dynamo::AttributeValue::S(format!("order-{n}")))
                .item("total", dynamo::AttributeValue::N(n.to_string()))
                .send()
                .await
                .unwrap();
        }
    }

    pub(crate) async fn tables(&self) -> Vec<String> {
        self.dynamodb
            .list_tables()
            .send()
            .await
            .unwrap()
            .table_names
            .unwrap_or_default()
    }

    /// How many items a table holds, counted.
    pub(crate) async fn count(&self, table: &str) -> i32 {
        self.dynamodb
            .scan()
            .table_name(table)
            .select(dynamo::Select::Count)
            .send()
            .await
            .unwrap()
            .count
    }
}

/// What `CloudFormation` puts in: the text of `Fn::Sub`, whose variables have been put in, and what a mapping says of the
/// account. No condition holds.
fn resolve(value: Value, mappings: &Value, account: &str) -> Value {
    let within = |value| resolve(value, mappings, account);
    match value {
        Value::Object(mut map) => {
            if let Some(text) = map.remove("Fn::Sub") {
                return text;
            }
            if let Some(place) = map.remove("Fn::FindInMap") {
                assert_eq!(place[1]["Ref"], "AWS::AccountId");
                let found = &mappings[place[0].as_str().unwrap()][account];
                return found[place[2].as_str().unwrap()].clone();
            }
            Value::Object(map.into_iter().map(|(k, v)| (k, within(v))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(within).collect()),
        value => value,
    }
}

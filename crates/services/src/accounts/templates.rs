//! The roles of accounts in the languages that people deploy them with. One document serves many
//! accounts: it looks the external id up by the account that it is deployed in
//! (`docs/decisions/0029-one-access-role-and-one-template.md`).

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use tidemark_domain::{Account, AccountId, Feature, Features, Partition};

use super::template::{DIAGNOSE_ROLE, Format, role_path};
use crate::calls::{Call, Place, diagnosis_actions, role_policy};

/// Why the access role may write to resources that nobody names, for those who lint the template.
const WRITES_ANYWHERE: &str = "Which vaults, plans and tables there will be is not known when the role is made. Each run of \
     the console assumes it with a session policy that names the resources of that run alone.";

/// What stands for the external ids until the language's own way to look them up is put in.
const EXTERNAL_IDS: &str = "@external-ids@";

/// Writes the roles. All accounts have the role's name and its features in common.
pub(super) fn write(
    format: Format,
    accounts: &[Account],
    features: &Features,
    console: &AccountId,
) -> Result<String, serde_json::Error> {
    match format {
        Format::CloudFormation => {
            serde_json::to_string_pretty(&cloudformation(accounts, features, console))
        }
        Format::Terraform => terraform(accounts, features, console),
        Format::Json => serde_json::to_string_pretty(&plain(accounts, features, console)),
    }
}

/// What the trust policy demands of who assumes the role: while another external id waits for the role
/// to take it, either.
fn external_ids(account: &Account) -> Value {
    let now = account.connection.external_id.as_str();
    match &account.pending {
        None => json!(now),
        Some(pending) => json!([now, pending.external_id.as_str()]),
    }
}

/// One of the two roles.
struct Role<'a> {
    title: &'static str,
    path: &'a str,
    name: &'a str,
    trust: Value,
    policy_name: &'static str,
    policy: Value,
}

fn roles<'a>(
    account: &'a Account,
    features: &Features,
    console: &AccountId,
    place: &Place,
    external_ids: Value,
) -> [Role<'a>; 2] {
    let (path, name) = role_path(account);
    let trust = |condition: Option<Value>| {
        let mut statement = json!({
            "Effect": "Allow",
            "Principal": {"AWS": place.arn(&format!("iam::{console}:root"))},
            "Action": Call::AssumeRole.actions().collect::<Vec<_>>(),
        });
        if let Some(condition) = condition {
            statement["Condition"] = condition;
        }
        json!({"Version": "2012-10-17", "Statement": [statement]})
    };
    let diagnosis = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": diagnosis_actions(),
            "Resource": place.arn(&format!("iam::${{AWS::AccountId}}:role{path}{name}")),
        }]
    });
    [
        Role {
            title: "Access",
            path,
            name,
            trust: trust(Some(
                json!({"StringEquals": {"sts:ExternalId": external_ids}}),
            )),
            policy_name: "tidemark",
            policy: role_policy(features, place),
        },
        Role {
            title: "Diagnose",
            path: "/",
            name: DIAGNOSE_ROLE,
            trust: trust(None),
            policy_name: "read-the-access-role",
            policy: diagnosis,
        },
    ]
}

fn cloudformation(accounts: &[Account], features: &Features, console: &AccountId) -> Value {
    let external = match accounts {
        [one] => external_ids(one),
        _ => json!({"Fn::FindInMap": ["Accounts", {"Ref": "AWS::AccountId"}, "ExternalId"]}),
    };
    let mut resources = Map::new();
    for role in roles(
        &accounts[0],
        features,
        console,
        &Place::CloudFormation,
        external,
    ) {
        let mut properties = json!({
            "RoleName": role.name,
            "MaxSessionDuration": 3600,
            "PermissionsBoundary": {"Fn::If": [
                "HasPermissionsBoundary",
                {"Ref": "PermissionsBoundary"},
                {"Ref": "AWS::NoValue"},
            ]},
            "AssumeRolePolicyDocument": role.trust,
            "Policies": [{"PolicyName": role.policy_name, "PolicyDocument": role.policy}],
        });
        if role.path != "/" {
            properties["Path"] = json!(role.path);
        }
        let mut resource = json!({"Type": "AWS::IAM::Role", "Properties": properties});
        if role.title == "Access" && Feature::CHOICES.into_iter().any(|f| features.enables(f)) {
            resource["Metadata"] = json!({"checkov": {"skip": [{
                "id": "CKV_AWS_111",
                "comment": WRITES_ANYWHERE,
            }]}});
        }
        resources.insert(format!("{}Role", role.title), resource);
    }
    let mut template = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Roles by which the Tidemark console reads, backs up and restores in this account",
        "Parameters": {"PermissionsBoundary": {
            "Type": "String",
            "Default": "",
            "Description": "ARN of a policy that bounds what the roles may do; empty for none",
            "AllowedPattern": "^$|^arn:[a-z-]+:iam::(aws|[0-9]{12}):policy/.+$",
        }},
        "Conditions": {"HasPermissionsBoundary": {
            "Fn::Not": [{"Fn::Equals": [{"Ref": "PermissionsBoundary"}, ""]}]
        }},
        "Resources": resources,
        "Outputs": {"RoleArn": {"Value": {"Fn::GetAtt": ["AccessRole", "Arn"]}}}
    });
    if accounts.len() > 1 {
        let of_account = |account: &Account| {
            let id = account.connection.account.to_string();
            (id, json!({"ExternalId": external_ids(account)}))
        };
        let map: Map<String, Value> = accounts.iter().map(of_account).collect();
        template["Mappings"] = json!({"Accounts": map});
    }
    template
}

fn terraform(
    accounts: &[Account],
    features: &Features,
    console: &AccountId,
) -> Result<String, serde_json::Error> {
    let ids: Map<String, Value> = accounts
        .iter()
        .map(|account| {
            let id = account.connection.account.to_string();
            (id, external_ids(account))
        })
        .collect();
    let mut text = format!(
        "{TERRAFORM_HEAD}\nlocals {{\n  external_ids = {}\n}}\n",
        block(&json!(ids))?
    );
    for role in roles(
        &accounts[0],
        features,
        console,
        &Place::Terraform,
        json!(EXTERNAL_IDS),
    ) {
        let title = role.title.to_lowercase();
        let trust = block(&role.trust)?.replace(
            &format!("\"{EXTERNAL_IDS}\""),
            "local.external_ids[data.aws_caller_identity.current.account_id]",
        );
        let policy = block(&role.policy)?;
        let (name, path, policy_name) = (role.name, role.path, role.policy_name);
        // Writing into a text cannot fail.
        let _ = write!(
            text,
            "\nresource \"aws_iam_role\" \"{title}\" {{\n  \
             name                 = \"{name}\"\n  \
             path                 = \"{path}\"\n  \
             max_session_duration = 3600\n  \
             permissions_boundary = var.permissions_boundary\n  \
             assume_role_policy   = jsonencode({trust})\n}}\n\
             \nresource \"aws_iam_role_policy\" \"{title}\" {{\n  \
             name   = \"{policy_name}\"\n  \
             role   = aws_iam_role.{title}.id\n  \
             policy = jsonencode({policy})\n}}\n"
        );
    }
    text.push_str("\noutput \"role_arn\" {\n  value = aws_iam_role.access.arn\n}\n");
    Ok(text)
}

/// JSON is an expression of HCL, but for what `${` begins there.
fn block(value: &Value) -> Result<String, serde_json::Error> {
    let text = serde_json::to_string_pretty(value)?;
    Ok(text.replace('\n', "\n  "))
}

const TERRAFORM_HEAD: &str = r#"# Roles by which the Tidemark console reads, backs up and restores in this account.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "permissions_boundary" {
  type        = string
  default     = null
  description = "ARN of a policy that bounds what the roles may do; null for none"
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}
"#;

fn plain(accounts: &[Account], features: &Features, console: &AccountId) -> Value {
    let of_account = |account: &Account| {
        let id = &account.connection.account;
        let partition = account
            .regions
            .first()
            .map_or("aws", |region| Partition::of(region).id());
        let place = Place::Known {
            partition: partition.to_owned(),
            account: id.clone(),
        };
        let roles: Vec<Value> = roles(account, features, console, &place, external_ids(account))
            .into_iter()
            .map(|role| {
                json!({
                    "RoleName": role.name,
                    "Path": role.path,
                    "MaxSessionDuration": 3600,
                    "AssumeRolePolicyDocument": role.trust,
                    "Policies": [{"PolicyName": role.policy_name, "PolicyDocument": role.policy}],
                })
            })
            .collect();
        (id.to_string(), json!({"Roles": roles}))
    };
    let all: Map<String, Value> = accounts.iter().map(of_account).collect();
    json!({"Accounts": all})
}

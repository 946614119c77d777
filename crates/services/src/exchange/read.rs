use serde_json::Value;
use tidemark_domain::{
    Invalid,
    exchange::{
        ImportContext, Reading, from_backup_policy, from_cloudformation, from_json, from_terraform,
        is_backup_policy, is_terraform, neighbour,
    },
};

use super::yaml;

/// The largest file that is read, in bytes: AWS's own limit for templates in S3.
const LARGEST: usize = 1024 * 1024;

/// Reads the plans of a file: AWS's JSON, a list of such, a `CloudFormation` template as JSON or YAML, what
/// `terraform show -json` prints, or a backup policy of AWS Organizations.
pub fn read(text: &str, context: &ImportContext) -> Result<Reading, Invalid> {
    let value = sniff(text)?;
    match &value {
        Value::Object(members) if members.contains_key("Resources") => {
            return from_cloudformation(&value, context);
        }
        Value::Object(_) if is_backup_policy(&value) && context.parameters.is_empty() => {
            return from_backup_policy(&value, context);
        }
        Value::Object(_) if is_terraform(&value) => return from_terraform(&value, context),
        Value::String(_) | Value::Number(_) | Value::Bool(_) => {
            return Err(Invalid::new(
                "file",
                "holds no plan: give AWS's JSON of a plan, or a CloudFormation template as JSON or YAML",
            ));
        }
        _ => {}
    }
    if let Some(name) = context.parameters.keys().next() {
        return Err(Invalid::new(
            format!("parameter {name}"),
            "no such parameter: the file is neither a CloudFormation template nor of Terraform",
        ));
    }
    let plans = match &value {
        Value::Array(plans) => plans
            .iter()
            .enumerate()
            .map(|(index, plan)| {
                from_json(plan).map_err(|error| {
                    let field = format!("[{index}].{}", error.field);
                    error.in_field(field)
                })
            })
            .collect::<Result<_, _>>()?,
        _ => vec![from_json(&value)?],
    };
    Ok(Reading {
        plans,
        notes: Vec::new(),
    })
}

/// The value of a file in JSON or YAML, with the short forms of `CloudFormation`'s functions written out.
pub fn sniff(text: &str) -> Result<Value, Invalid> {
    if text.len() > LARGEST {
        return Err(Invalid::new("file", "must have at most 1 MiB"));
    }
    let text = text.trim_start_matches('\u{feff}');
    let begin = text.trim_start();
    if begin.starts_with('{') || begin.starts_with('[') {
        return serde_json::from_str(text)
            .map_err(|error| Invalid::new("file", format!("is no JSON: {error}")));
    }
    match neighbour(text) {
        Some(other) => Err(other),
        None => yaml::parse(text),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;
    use tidemark_domain::exchange::{from_json, to_cloudformation, to_yaml};

    use super::*;

    const TEMPLATE: &str = r#"
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Days: { Type: Number, Default: 35 }
Resources:
  Vault:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: !Sub "vault-${AWS::Region}"
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: gold
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: !Ref Vault
            ScheduleExpression: cron(0 5 ? * * *)
            Lifecycle: &life
              DeleteAfterDays: !Ref Days
            CopyActions:
              - DestinationBackupVaultArn: !Join [":", [arn, aws, backup, eu-central-1, "111122223333", backup-vault, dr]]
                Lifecycle: *life
              - DestinationBackupVaultArn: !GetAtt Vault.BackupVaultArn
"#;

    fn context() -> ImportContext {
        ImportContext {
            account: Some("111122223333".parse().unwrap()),
            region: Some("eu-west-1".parse().unwrap()),
            ..ImportContext::default()
        }
    }

    #[test]
    fn a_yaml_template_with_short_functions_is_read() {
        let bundle = read(TEMPLATE, &context()).unwrap().plans.remove(0);
        let rule = &bundle.backup_plan.rules[0];
        assert_eq!(rule.target_backup_vault_name, "vault-eu-west-1");
        assert_eq!(rule.keeps_days(), Some(35));
        let arns: Vec<&str> = rule
            .copies()
            .iter()
            .map(|copy| copy.destination_backup_vault_arn.as_str())
            .collect();
        assert_eq!(
            arns,
            [
                "arn:aws:backup:eu-central-1:111122223333:backup-vault:dr",
                "arn:aws:backup:eu-west-1:111122223333:backup-vault:vault-eu-west-1",
            ]
        );
    }

    #[test]
    fn what_we_write_as_yaml_reads_back_to_the_same_plan() {
        let bundle = from_json(&json!({
            "BackupPlanName": "gold",
            "Odd": {"on": "yes", "~": "null", "time": "2026-01-01", "deep": [[1], {"a": []}, "0x10"]},
            "Rules": [{
                "RuleName": "daily", "TargetBackupVaultName": "main", "Later": ["1.0", 1.5, null],
                "RecoveryPointTags": {"no": "off", "multi": "a\nb: \"c\" 'd' # é\t", "": "empty"},
            }],
        }))
        .unwrap();
        let template = to_cloudformation(std::slice::from_ref(&bundle))
            .unwrap()
            .value;
        let back = read(&to_yaml(&template), &ImportContext::default()).unwrap();
        assert_eq!(back.plans, [bundle]);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let none = ImportContext::default();
        for (text, words) in [
            ("{", "is no JSON"),
            ("a: [", "is no YAML"),
            ("just words", "holds no plan"),
            ("? [a]\n: b", "keys"),
            ("", "is empty"),
        ] {
            let error = read(text, &none).unwrap_err();
            assert!(error.to_string().contains(words), "{text}: {error}");
        }
        assert!(read(&" ".repeat(LARGEST + 1), &none).is_err());
    }

    #[test]
    fn a_bomb_of_aliases_is_refused() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..12 {
            let before = format!("*a{}", n - 1);
            let ten = vec![before; 10].join(", ");
            text.push_str(
                &[
                    "a",
                    &n.to_string(),
                    ": &a",
                    &n.to_string(),
                    " [",
                    &ten,
                    "]\n",
                ]
                .concat(),
            );
        }
        assert!(sniff(&text).is_err());
    }
}

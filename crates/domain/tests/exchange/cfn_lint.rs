//! The templates that we write, looked at by `cfn-lint` with AWS's own schemas.

use std::process::Command;

use serde_json::{Value, json};
use tidemark_domain::exchange::{PlanBundle, from_json, to_cloudformation, to_yaml};

use crate::examples::bundle;

/// Where `cfn-lint` is, in the private Python environment of the build.
const VARIABLE: &str = "TIDEMARK_TEST_CFN_LINT";

fn bundles() -> Vec<PlanBundle> {
    let plain = from_json(&json!({
        "BackupPlanName": "plain",
        "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "Default"}],
    }))
    .unwrap();
    let continuous = from_json(&json!({
        "BackupPlanName": "continuous.1",
        "Rules": [{
            "RuleName": "pitr", "TargetBackupVaultName": "Default", "EnableContinuousBackup": true,
            "Lifecycle": {"DeleteAfterDays": 35},
        }],
    }))
    .unwrap();
    vec![bundle(), plain, continuous]
}

#[test]
fn templates_pass_cfn_lint_as_json_and_as_yaml() {
    let Ok(cfn_lint) = std::env::var(VARIABLE) else {
        eprintln!("skipped: {VARIABLE} does not say where cfn-lint is");
        return;
    };
    let template: Value = to_cloudformation(&bundles()).unwrap().value;
    let folder = std::env::temp_dir().join(format!("tidemark-cfn-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in [
        ("plan.json", template.to_string()),
        ("plan.yaml", to_yaml(&template)),
    ] {
        let file = folder.join(name);
        std::fs::write(&file, &text).unwrap();
        let output = Command::new(&cfn_lint)
            .args(["--regions", "eu-west-1", "--"])
            .arg(&file)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{name}: {}{}\n{text}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{PlanBundle, normalised, to_cloudformation, to_json, to_terraform, to_yaml};
use crate::Invalid;

/// The forms in which plans are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExchangeFormat {
    /// AWS's JSON, in one normal form.
    #[default]
    Json,
    /// A template as JSON.
    Cloudformation,
    /// A template as YAML.
    CloudformationYaml,
    /// HCL.
    Terraform,
}

impl ExchangeFormat {
    /// Every form, in the order in which pages list them.
    pub const ALL: [Self; 4] = [
        Self::Json,
        Self::Cloudformation,
        Self::CloudformationYaml,
        Self::Terraform,
    ];

    /// The word of addresses and commands.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Cloudformation => "cloudformation",
            Self::CloudformationYaml => "cloudformation-yaml",
            Self::Terraform => "terraform",
        }
    }

    /// The name shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Json => "AWS JSON",
            Self::Cloudformation => "CloudFormation (JSON)",
            Self::CloudformationYaml => "CloudFormation (YAML)",
            Self::Terraform => "Terraform",
        }
    }

    /// Parses the word of an address.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }

    /// What a member that has no place in the form means for who uses it, after its path.
    pub fn lost_means(self) -> &'static str {
        match self {
            Self::Json => "has no place in AWS's JSON",
            Self::Cloudformation | Self::CloudformationYaml => {
                "has no place in CloudFormation: it comes back when Tidemark reads the template, and a stack made from it does not have it"
            }
            Self::Terraform => "has no place in Terraform",
        }
    }

    /// The ending of a file's name, and the media type.
    pub fn file_type(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("json", "application/json"),
            Self::Cloudformation => ("template.json", "application/json"),
            Self::CloudformationYaml => ("template.yaml", "application/yaml"),
            Self::Terraform => ("tf", "text/plain; charset=utf-8"),
        }
    }
}

/// Plans as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanExport {
    /// A name for the file.
    pub file_name: String,
    /// Its media type.
    pub media_type: String,
    /// Its text, with a newline at the end.
    pub text: String,
    /// Paths of fields that have no place in the form. In `CloudFormation` they travel in the template's
    /// metadata: they come back here, and a stack does not have them.
    pub lost: Vec<String>,
}

impl PlanExport {
    /// Writes plans in one of the forms. A plan of which something is not known is refused.
    pub fn of(bundles: &[PlanBundle], format: ExchangeFormat) -> Result<Self, Invalid> {
        for bundle in bundles {
            bundle.require_known()?;
        }
        let mut lost = Vec::new();
        let text = match format {
            ExchangeFormat::Json => {
                let values = bundles.iter().map(to_json).collect::<Result<Vec<_>, _>>()?;
                match &values[..] {
                    [one] => normalised(one),
                    several => normalised(&json!(several)),
                }
            }
            ExchangeFormat::Cloudformation => {
                let template = to_cloudformation(bundles)?;
                lost = template.lost;
                normalised(&template.value)
            }
            ExchangeFormat::CloudformationYaml => {
                let template = to_cloudformation(bundles)?;
                lost = template.lost;
                to_yaml(&template.value)
            }
            ExchangeFormat::Terraform => {
                let written = to_terraform(bundles)?;
                lost = written.lost;
                written.text
            }
        };
        let (ending, media_type) = format.file_type();
        let name = match bundles {
            [one] => one.backup_plan.backup_plan_name.as_str(),
            _ => "plans",
        };
        let safe: String = name
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || "-_.".contains(c) {
                    c
                } else {
                    '-'
                }
            })
            .collect();
        Ok(Self {
            file_name: format!("{safe}.{ending}"),
            media_type: media_type.to_owned(),
            text: format!("{}\n", text.trim_end()),
            lost,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(name: &str) -> Result<PlanBundle, serde_json::Error> {
        serde_json::from_value(json!({"BackupPlan": {
            "BackupPlanName": name,
            "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "main", "Later": 1}],
        }}))
    }

    #[test]
    fn each_form_has_a_name_that_fits_its_content() -> Result<(), Box<dyn std::error::Error>> {
        for format in ExchangeFormat::ALL {
            let export = PlanExport::of(&[bundle("gold")?], format)?;
            assert!(export.file_name.starts_with("gold."), "{export:?}");
            assert!(export.text.contains("daily") && export.text.ends_with('\n'));
            assert_eq!(ExchangeFormat::parse(format.as_str()), Some(format));
            assert_eq!(!export.lost.is_empty(), format != ExchangeFormat::Json);
        }
        Ok(())
    }

    #[test]
    fn the_name_of_a_file_holds_nothing_that_leads_elsewhere()
    -> Result<(), Box<dyn std::error::Error>> {
        let export = PlanExport::of(&[bundle("../etc/\"x\"\n")?], ExchangeFormat::Json)?;
        assert_eq!(export.file_name, "..-etc--x--.json");
        Ok(())
    }
}

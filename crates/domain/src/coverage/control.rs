use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::CoverageFacts;
use crate::{AccountId, Invalid, Region, ResourceType};

/// A rule of the house about how resources must be protected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// Id; a short word that stays.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it asks.
    pub kind: ControlKind,
    /// Of which resources.
    #[serde(default)]
    pub scope: ControlScope,
    /// It counts.
    pub enabled: bool,
}

/// What a control asks of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "asks")]
pub enum ControlKind {
    /// A plan in force takes it.
    InPlan,
    /// The newest restorable moment is at most so old.
    Frequency {
        /// Hours.
        hours: u32,
    },
    /// Some point is kept at least so long.
    Retention {
        /// Days.
        days: u32,
    },
    /// A copy in another Region is at most so old.
    OtherRegion {
        /// Hours.
        hours: u32,
    },
    /// A copy in another account is at most so old.
    OtherAccount {
        /// Hours.
        hours: u32,
    },
    /// A point in a locked vault is at most so old.
    Locked {
        /// Hours.
        hours: u32,
    },
    /// Its points are encrypted.
    Encrypted,
    /// A restore went well at most so long ago.
    RestoreTested {
        /// Days.
        days: u32,
    },
}

impl ControlKind {
    /// One of each, with the values that a new control begins with.
    pub const ALL: [Self; 8] = [
        Self::InPlan,
        Self::Frequency { hours: 24 },
        Self::Retention { days: 35 },
        Self::OtherRegion { hours: 192 },
        Self::OtherAccount { hours: 192 },
        Self::Locked { hours: 192 },
        Self::Encrypted,
        Self::RestoreTested { days: 90 },
    ];

    /// The word of forms and URLs.
    pub fn word(self) -> &'static str {
        match self {
            Self::InPlan => "in_plan",
            Self::Frequency { .. } => "frequency",
            Self::Retention { .. } => "retention",
            Self::OtherRegion { .. } => "other_region",
            Self::OtherAccount { .. } => "other_account",
            Self::Locked { .. } => "locked",
            Self::Encrypted => "encrypted",
            Self::RestoreTested { .. } => "restore_tested",
        }
    }

    /// What it asks, as a sentence part.
    pub fn explain(self) -> String {
        match self {
            Self::InPlan => "a plan takes it".to_owned(),
            Self::Frequency { hours } => {
                format!(
                    "can be restored to a moment at most {} ago",
                    hours_text(hours)
                )
            }
            Self::Retention { days } => format!("has a point that is kept for {days} days or more"),
            Self::OtherRegion { hours } => {
                format!(
                    "has a copy in another Region at most {} old",
                    hours_text(hours)
                )
            }
            Self::OtherAccount { hours } => {
                format!(
                    "has a copy in another account at most {} old",
                    hours_text(hours)
                )
            }
            Self::Locked { hours } => {
                format!(
                    "has a point in a locked vault at most {} old",
                    hours_text(hours)
                )
            }
            Self::Encrypted => "has encrypted points".to_owned(),
            Self::RestoreTested { days } => {
                format!("was restored successfully in the last {days} days")
            }
        }
    }

    /// The kind of a form's word and number.
    pub fn of_form(word: &str, number: Option<u32>) -> Result<Self, Invalid> {
        let kind = Self::ALL
            .into_iter()
            .find(|kind| kind.word() == word)
            .ok_or_else(|| Invalid::new("kind", "must be one of the kinds of controls"))?;
        let limit = |unit: &str, most: u32| {
            number
                .filter(|number| (1..=most).contains(number))
                .ok_or_else(|| Invalid::new("limit", format!("must be 1 to {most} {unit}")))
        };
        Ok(match kind {
            Self::InPlan | Self::Encrypted => kind,
            Self::Frequency { .. } => Self::Frequency {
                hours: limit("hours", 87_600)?,
            },
            Self::OtherRegion { .. } => Self::OtherRegion {
                hours: limit("hours", 87_600)?,
            },
            Self::OtherAccount { .. } => Self::OtherAccount {
                hours: limit("hours", 87_600)?,
            },
            Self::Locked { .. } => Self::Locked {
                hours: limit("hours", 87_600)?,
            },
            Self::Retention { .. } => Self::Retention {
                days: limit("days", 36_500)?,
            },
            Self::RestoreTested { .. } => Self::RestoreTested {
                days: limit("days", 36_500)?,
            },
        })
    }

    /// Its number and the unit of that, where it has one.
    pub fn limit(self) -> Option<(u32, &'static str)> {
        match self {
            Self::InPlan | Self::Encrypted => None,
            Self::Frequency { hours }
            | Self::OtherRegion { hours }
            | Self::OtherAccount { hours }
            | Self::Locked { hours } => Some((hours, "hours")),
            Self::Retention { days } | Self::RestoreTested { days } => Some((days, "days")),
        }
    }
}

fn hours_text(hours: u32) -> String {
    match hours {
        1 => "1 hour".to_owned(),
        hours if hours >= 48 && hours.is_multiple_of(24) => format!("{} days", hours / 24),
        hours => format!("{hours} hours"),
    }
}

/// Of which resources a control asks something; what is empty asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ControlScope {
    /// Only these types.
    pub types: Vec<ResourceType>,
    /// Only these accounts.
    pub accounts: Vec<AccountId>,
    /// Only these Regions.
    pub regions: Vec<Region>,
    /// Only resources with this tag; an empty value takes any.
    pub tag: Option<(String, String)>,
}

impl ControlScope {
    /// Whether the control asks something of the resource.
    pub fn holds(&self, facts: &CoverageFacts) -> bool {
        let listed = |empty: bool, contains: bool| empty || contains;
        listed(
            self.types.is_empty(),
            self.types.contains(&facts.resource_type),
        ) && listed(
            self.accounts.is_empty(),
            self.accounts.contains(&facts.account),
        ) && listed(
            self.regions.is_empty(),
            self.regions.contains(&facts.region),
        ) && self.tag.as_ref().is_none_or(|(key, value)| {
            facts
                .tags
                .get(key)
                .is_some_and(|own| value.is_empty() || own == value)
        })
    }

    /// The scope as [`ControlForm`](super::ControlForm) reads it.
    pub fn typed(&self) -> String {
        let mut parts: Vec<String> = self.types.iter().map(ToString::to_string).collect();
        parts.extend(self.accounts.iter().map(ToString::to_string));
        parts.extend(self.regions.iter().map(ToString::to_string));
        parts.extend(self.tag.iter().map(|(key, value)| format!("{key}={value}")));
        parts.join(", ")
    }

    /// The scope in words.
    pub fn explain(&self) -> String {
        let mut parts = Vec::new();
        let join = |names: Vec<&str>| names.join(", ");
        if !self.types.is_empty() {
            parts.push(join(self.types.iter().map(ResourceType::as_str).collect()));
        }
        if !self.accounts.is_empty() {
            let accounts = join(self.accounts.iter().map(AccountId::as_str).collect());
            parts.push(format!("in {accounts}"));
        }
        if !self.regions.is_empty() {
            let regions = join(self.regions.iter().map(Region::as_str).collect());
            parts.push(format!("in {regions}"));
        }
        match &self.tag {
            Some((key, value)) if value.is_empty() => parts.push(format!("tagged {key}")),
            Some((key, value)) => parts.push(format!("tagged {key}={value}")),
            None => {}
        }
        if parts.is_empty() {
            "every resource".to_owned()
        } else {
            parts.join(" ")
        }
    }
}

impl Control {
    /// Controls that a new console begins with.
    pub fn defaults() -> Vec<Self> {
        let control = |id: &str, name: &str, kind: ControlKind| Self {
            id: id.to_owned(),
            name: name.to_owned(),
            kind,
            scope: ControlScope::default(),
            enabled: true,
        };
        vec![
            control("in-plan", "Taken by a plan", ControlKind::InPlan),
            control(
                "daily",
                "Backed up every day",
                ControlKind::Frequency { hours: 26 },
            ),
            control(
                "kept",
                "Kept for 35 days",
                ControlKind::Retention { days: 35 },
            ),
            control(
                "other-region",
                "Copied to another Region every week",
                ControlKind::OtherRegion { hours: 192 },
            ),
            control(
                "other-account",
                "Copied to another account every week",
                ControlKind::OtherAccount { hours: 192 },
            ),
            control(
                "locked",
                "Locked copy every week",
                ControlKind::Locked { hours: 192 },
            ),
            control(
                "restore-tested",
                "Restore tried every quarter",
                ControlKind::RestoreTested { days: 92 },
            ),
        ]
    }

    /// Checks what a person has entered.
    pub fn check(&self) -> Result<(), Invalid> {
        let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if !(1..=40).contains(&self.id.len()) || !self.id.bytes().all(known) {
            return Err(Invalid::new(
                "id",
                "must have 1 to 40 characters of small letters, digits and -",
            ));
        }
        if !(1..=100).contains(&self.name.trim().chars().count()) {
            return Err(Invalid::new("name", "must have 1 to 100 characters"));
        }
        if self.name.chars().any(char::is_control) {
            return Err(Invalid::new("name", "must not hold control characters"));
        }
        if let Some((key, value)) = &self.scope.tag
            && (key.is_empty() || key.len() > 128 || value.len() > 256)
        {
            return Err(Invalid::new(
                "of",
                "must have a tag with a key of 1 to 128 and a value of at most 256 characters",
            ));
        }
        let (number, _) = self.kind.limit().unzip();
        ControlKind::of_form(self.kind.word(), number).map(|_| ())
    }
}

/// A change of a control, as its history keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlChange {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// The control's id.
    pub id: String,
    /// How it was after the change; none when it was removed.
    pub control: Option<Control>,
}

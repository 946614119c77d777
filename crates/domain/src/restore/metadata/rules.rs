use super::NameRule;
use crate::{AccountId, Arn, Region};

/// What is known of a type's restore metadata.
#[derive(Debug)]
pub struct Rules {
    /// What a restore makes, as people call it: `bucket`.
    pub noun: &'static str,
    /// Keys whose meaning is known, each with the spellings that AWS's documents use.
    pub(super) keys: &'static [&'static [&'static str]],
    /// What says where the data goes.
    pub naming: Naming,
    /// What becomes of one that exists and takes the data: sentence parts.
    pub into_existing: &'static str,
    /// The service part of an ARN.
    pub(super) service: &'static str,
    /// What stands before the name in an ARN.
    pub(super) prefix: &'static str,
}

/// What says where a restore's data goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// No metadata: the request itself names the new table.
    Table,
    /// Nothing does: AWS makes something new and gives it an id.
    ByAws,
    /// A key names something new; AWS refuses a name that is in use.
    New {
        /// The key.
        key: &'static str,
        /// What the name may be.
        rule: NameRule,
    },
    /// A key says whether something new is made, another one names it, or what exists and takes the data.
    Choice {
        /// The key that names.
        key: &'static str,
        /// The key that says `true` for something new.
        new: &'static str,
        /// What a new one may be called; none where AWS gives it an id.
        rule: Option<NameRule>,
    },
    /// AWS makes something new, unless this key puts it inside something that exists.
    Inside {
        /// The key.
        key: &'static str,
        /// What is inside the key's JSON value and names what exists.
        member: &'static str,
        /// What exists, as people call it.
        noun: &'static str,
    },
}

impl Rules {
    /// What a new one may be called; none where AWS gives it an id.
    pub fn name_rule(&self) -> Option<NameRule> {
        match self.naming {
            Naming::Table => Some(NameRule::Table),
            Naming::New { rule, .. } => Some(rule),
            Naming::Choice { rule, .. } => rule,
            Naming::ByAws | Naming::Inside { .. } => None,
        }
    }

    /// AWS itself refuses a name that is in use, so that nothing can be written over.
    pub fn refuses_names_in_use(&self) -> bool {
        matches!(self.naming, Naming::Table | Naming::New { .. })
    }

    /// The ARN of the one of that name in an account and Region.
    pub fn arn(
        &self,
        partition: &str,
        account: &AccountId,
        region: &Region,
        name: &str,
    ) -> Option<Arn> {
        let (service, prefix) = (self.service, self.prefix);
        Arn::parse(if service == "s3" {
            format!("arn:{partition}:s3:::{name}")
        } else {
            format!("arn:{partition}:{service}:{region}:{account}:{prefix}{name}")
        })
        .ok()
    }
}

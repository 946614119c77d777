use super::{Control, ControlKind, ControlScope};
use crate::{AccountId, Invalid, Region, ResourceType};

/// A control as a person types it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ControlForm {
    /// Id; empty for a new control, which takes it from its name.
    pub id: String,
    /// Name.
    pub name: String,
    /// The word of what it asks.
    pub kind: String,
    /// The number that goes with that.
    pub limit: String,
    /// Types, separated by commas.
    pub types: String,
    /// Account ids, separated by commas.
    pub accounts: String,
    /// Regions, separated by commas.
    pub regions: String,
    /// `key=value` or `key`.
    pub tag: String,
    /// It counts.
    pub enabled: bool,
}

impl ControlForm {
    /// The control that is meant.
    pub fn control(&self) -> Result<Control, Invalid> {
        let limit = self.limit.trim();
        let number = if limit.is_empty() {
            None
        } else {
            Some(
                limit
                    .parse()
                    .map_err(|_| Invalid::new("limit", "must be a whole number"))?,
            )
        };
        let control = Control {
            id: if self.id.is_empty() {
                id_of(&self.name)
            } else {
                self.id.clone()
            },
            name: self.name.trim().to_owned(),
            kind: ControlKind::of_form(&self.kind, number)?,
            scope: ControlScope {
                types: list(&self.types).map(ResourceType::from).collect(),
                accounts: list(&self.accounts)
                    .map(AccountId::parse)
                    .collect::<Result<_, _>>()?,
                regions: list(&self.regions)
                    .map(Region::parse)
                    .collect::<Result<_, _>>()?,
                tag: match self.tag.trim() {
                    "" => None,
                    tag => {
                        let (key, value) = tag.split_once('=').unwrap_or((tag, ""));
                        Some((key.trim().to_owned(), value.trim().to_owned()))
                    }
                },
            },
            enabled: self.enabled,
        };
        control.check()?;
        Ok(control)
    }
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// A short word from a name: small letters and digits, joined by dashes.
fn id_of(name: &str) -> String {
    let mut id = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            id.push(c);
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    id.truncate(40);
    id.trim_end_matches('-').to_owned()
}

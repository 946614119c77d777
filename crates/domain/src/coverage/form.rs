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
    /// Of which resources: types, account ids, Regions and a tag as `key=value`, separated by commas.
    pub of: String,
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
            scope: scope(&self.of)?,
            enabled: self.enabled,
        };
        control.check()?;
        Ok(control)
    }
}

/// What each part is shows by its form: twelve digits, a Region's code, an equal sign.
fn scope(text: &str) -> Result<ControlScope, Invalid> {
    let mut scope = ControlScope::default();
    let parts = text.split(',').map(str::trim);
    for part in parts.filter(|part| !part.is_empty()) {
        if let Some((key, value)) = part.split_once('=') {
            if scope.tag.is_some() {
                return Err(Invalid::new("of", "may name one tag only"));
            }
            scope.tag = Some((key.trim().to_owned(), value.trim().to_owned()));
        } else if part.bytes().all(|b| b.is_ascii_digit()) {
            scope
                .accounts
                .push(AccountId::parse(part).map_err(|e| e.in_field("of"))?);
        } else if let Ok(region) = Region::parse(part) {
            scope.regions.push(region);
        } else {
            scope.types.push(ResourceType::from(part));
        }
    }
    Ok(scope)
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

use tidemark_domain::strict;

use super::parse;
use crate::{error::AppError, query::pairs};

/// Refuses a query string with a name that nobody knows: what it was to narrow would be wider.
pub(crate) fn known_names(query: &str, known: &[&str]) -> Result<(), AppError> {
    let pairs = pairs(query);
    let names = pairs.iter().map(|(name, _)| name.as_str());
    parse(strict::known_names(names, known))
}
